//! The HTTP API, as programs in any language use it. One file per resource.

#[path = "../bench/mod.rs"]
mod bench;

mod bulk;
mod claim;
mod config;
mod crash;
mod docs;
mod door;
mod events;
mod fuzz;
#[path = "../guests/mod.rs"]
mod guests;
mod hostile;
mod login;
mod openapi;
mod page;
mod proxy;
mod sessions;
mod stats;
mod streams;
mod tasks;
