//! Who waits for a commit is told: at once of our own, within a few tens of milliseconds of another process's.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sparkq_store::Store;

use crate::queue::Commits;

/// How often the database's version is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Watches `store`'s version on a thread of its own until `ended`, and tells `commits` of each change.
pub(super) fn watch_others(
    store: Box<dyn Store>,
    commits: Commits,
    ended: Arc<AtomicBool>,
) -> io::Result<JoinHandle<()>> {
    // Read before anybody looks at the queue, so that no commit falls between that look and the first one here.
    let mut seen = store.version().ok();
    thread::Builder::new()
        .name("wake".to_owned())
        .spawn(move || {
            let mut readable = true;
            while !ended.load(Ordering::Relaxed) {
                match store.version() {
                    Ok(version) => {
                        readable = true;
                        if seen
                            .replace(version)
                            .is_some_and(|before| before != version)
                        {
                            commits.happened_elsewhere();
                        }
                    }
                    Err(fault) if readable => {
                        readable = false;
                        tracing::warn!(%fault, "the database's version cannot be read");
                    }
                    Err(_) => {}
                }
                thread::sleep(LOOK);
            }
        })
}
