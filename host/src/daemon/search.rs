//! Keeps the search up with the queue, in the background and never in the way of a write.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::stopped;
use crate::queue::{Commits, Queue};

/// How long changes gather before they are brought into the search.
const GATHER: Duration = Duration::from_millis(250);

/// Follows the commits until the server stops.
pub(super) async fn run(queue: Arc<Queue>, commits: Commits, mut stop: watch::Receiver<bool>) {
    let mut commits = commits.watch();
    loop {
        commits.mark_unchanged();
        if let Err(error) = queue.bring_search_up_to_date().await {
            tracing::error!(%error, "the search could not be brought up to date");
        }
        // Its own commits are seen here too; they leave nothing to do, and then it rests.
        tokio::select! {
            changed = commits.changed() => if changed.is_err() { return },
            () = stopped(&mut stop) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(GATHER) => {}
            () = stopped(&mut stop) => return,
        }
    }
}
