//! The web page in a real browser.

#[path = "../bench/mod.rs"]
mod bench;
mod browser;
mod live;
mod login;
