//! The command line, as agents and people use it. One file per verb.

#[path = "../bench/mod.rs"]
mod bench;

mod cancel;
mod claim;
mod compiler;
mod complete;
mod completions;
mod config;
mod contract;
mod crowd;
mod day;
mod enqueue;
mod fail;
mod far;
#[path = "../guests/mod.rs"]
mod guests;
mod guides;
mod help;
mod kit;
mod links;
mod manual;
mod mistakes;
mod neighbours;
mod playbook;
mod plugin;
mod plugin_new;
mod plugins;
mod purge;
mod readme;
mod reload;
mod requeue;
mod run;
mod server;
mod session;
mod setup;
mod status;
mod stop;
mod task;
mod teardown;
mod wait;
mod watch;
