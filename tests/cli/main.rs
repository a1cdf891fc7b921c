//! The command line, as agents and people use it. One file per verb.

#[path = "../bench/mod.rs"]
mod bench;

mod cancel;
mod claim;
mod complete;
mod crowd;
mod enqueue;
mod fail;
mod guides;
mod mistakes;
mod plugins;
mod purge;
mod readme;
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
