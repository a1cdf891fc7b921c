//! The runtime with plugins that behave and plugins that do not.

mod bench;
mod built_in;
mod cache;
mod check;
mod frozen;
mod grants;
#[path = "../guests/mod.rs"]
mod guests;
mod hostile;
mod index;
mod inspect;
mod source;
