//! The server as a process: its lock, its threads, its end.

mod lock;
mod run;
mod wake;

use lock::ServerLock;
pub(crate) use lock::{Held, live_server};
pub(crate) use run::{run, take_lock};
