//! The runtime with plugins that behave and plugins that do not.

mod bench;
mod cache;
mod check;
mod hostile;
mod index;
