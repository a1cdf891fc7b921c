//! The command line, as agents and people use it. One file per verb.

#[path = "../bench/mod.rs"]
mod bench;

mod claim;
mod complete;
mod crowd;
mod enqueue;
mod fail;
mod guides;
mod mistakes;
mod plugins;
mod readme;
mod server;
mod setup;
mod task;
