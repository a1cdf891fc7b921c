//! The server as a process: its lock, its threads, its end.

mod housekeeping;
mod lock;
mod run;
mod search;
mod wake;

use lock::ServerLock;
pub(crate) use lock::{Held, live_server};
pub(crate) use run::{run, take_lock};

/// Ends when the server stops.
async fn stopped(stop: &mut tokio::sync::watch::Receiver<bool>) {
    // An error means that nobody can stop it any more, so it stops.
    let _ = stop.wait_for(|stopping| *stopping).await;
}
