//! What a plugin may import. All of it is always linked; what is not granted answers with an error, never with a trap.

mod config;
mod files;
mod index;
pub(crate) mod log;
pub(crate) mod wasi;
