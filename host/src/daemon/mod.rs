//! The server as a process: its lock, its threads, its end.

mod lock;
mod run;
mod wake;

pub(crate) use lock::{Held, ServerLock, live_server};
pub(crate) use run::run;
pub(crate) use wake::Commits;
