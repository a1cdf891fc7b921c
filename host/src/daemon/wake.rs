//! Who waits for a commit is told: at once of our own, within a few tens of milliseconds of another process's.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sparkq_store::Store;

use crate::queue::Commits;

/// How often the database's version is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// How often the file is looked at. Each commit looks too, so this only ends a server that has nothing to write.
const LOOK_AT_FILE: Duration = Duration::from_millis(250);

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

/// Ends when the file at `path` is no longer the one that was there: what is written into that one then is lost.
pub(super) fn removed(path: PathBuf) -> impl Future<Output = ()> {
    // Looked at now, and not when somebody begins to wait.
    let is_same = same_file(path);
    async move {
        while is_same() {
            tokio::time::sleep(LOOK_AT_FILE).await;
        }
    }
}

/// Tells whether the file at `path` is still the one that is there now.
pub(super) fn same_file(path: PathBuf) -> impl Fn() -> bool {
    let first = file(&path);
    move || file(&path) == first
}

/// Which file lies at `path`: its device and its number there.
fn file(path: &Path) -> Option<(u64, u64)> {
    let found = fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}
