//! The web page in a real browser.

mod axe;
#[path = "../bench/mod.rs"]
mod bench;
mod browser;
mod catalogue;
mod dashboard;
mod enqueue;
#[path = "../guests/mod.rs"]
mod guests;
mod keys;
mod live;
mod login;
mod plugins;
mod proxy;
mod settings;
mod size;
mod streams;
mod tabs;
mod task;
mod tasks;
mod weight;
