//! Who waits for a commit is told: at once of our own, within a few tens of milliseconds of another process's.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sparkq_store::Store;
use tokio::sync::watch;

/// How often the database's version is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Counts commits; whoever waits sees the number change.
#[derive(Debug, Clone)]
pub(crate) struct Commits(watch::Sender<u64>);

impl Commits {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Something was committed.
    pub(crate) fn happened(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A receiver that changes with each commit.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// Watches `store`'s version on a thread of its own until `ended`, and tells `commits` of each change.
pub(super) fn watch_others(
    store: Box<dyn Store>,
    commits: Commits,
    ended: Arc<AtomicBool>,
) -> io::Result<JoinHandle<()>> {
    thread::Builder::new()
        .name("wake".to_owned())
        .spawn(move || {
            let mut seen = None;
            while !ended.load(Ordering::Relaxed) {
                match store.version() {
                    Ok(version)
                        if seen
                            .replace(version)
                            .is_some_and(|before| before != version) =>
                    {
                        commits.happened();
                    }
                    Ok(_) => {}
                    Err(fault) => tracing::warn!(%fault, "the database's version cannot be read"),
                }
                thread::sleep(LOOK);
            }
        })
}
