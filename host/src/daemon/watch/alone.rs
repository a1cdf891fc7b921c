//! A watcher that is a process of its own.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use sparkq_store::sqlite::SqliteStore;
use tokio::sync::watch;

use super::watcher::{Onlooker, Surroundings, Watcher};
use crate::config::Project;
use crate::daemon::run::asked_to_end;
use crate::daemon::wake::watch_others;
use crate::daemon::{RunFolder, server_now};
use crate::entropy;
use crate::queue::{Access, Commits, Error, Queue};

/// Watches the stream `given`, an id or name, until SIGTERM or SIGINT, or until it has ended.
pub(crate) async fn watch_alone(
    project: Project,
    given: String,
    onlooker: Onlooker,
) -> Result<(), Error> {
    // First of all, so that a signal during the start is not lost.
    let end = asked_to_end()?;
    let folder = RunFolder::of(&project);
    server_now(&folder)?;
    let database = project.database();
    let store = SqliteStore::open(&database, entropy())?;
    let looks = Box::new(SqliteStore::open(&database, entropy())?);
    let queue = Queue::new(project, Access::File(Mutex::new(store)), crate::now);
    let stream = queue.stream(given).await?.value;
    let commits = Commits::new();
    let around = Surroundings {
        queue: Arc::new(queue),
        commits: commits.clone(),
        in_server: false,
        onlooker,
    };
    let watcher = Watcher::take(around, &folder, &stream)?;
    let ended = Arc::new(AtomicBool::new(false));
    let wake = watch_others(looks, commits, Arc::clone(&ended))
        .map_err(|error| Error::Internal(format!("a thread cannot be started: {error}")))?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        end.await;
        stop.send_replace(true);
    });
    let guard = watcher.run(stopped).await;
    ended.store(true, Ordering::Relaxed);
    // It looks every few milliseconds whether it is to end. A panic of its is no reason to end otherwise.
    let _ = wake.join();
    // The process lets go of the lock by ending, so who waits for the one has waited for the other.
    mem::forget(guard);
    Ok(())
}
