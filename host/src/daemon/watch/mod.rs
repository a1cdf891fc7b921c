//! Watchers: one a stream wakes the worker that waits in the stream's pipe. Those of the server live in it; a command
//! can be one of its own.

mod alone;
mod files;
mod guard;
mod rules;
mod watcher;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sparkq_core::wire::Stream;
use sparkq_core::{SessionId, StreamId};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub(crate) use alone::watch_alone;
use guard::is_watched;
pub(crate) use guard::{refuse_others, watcher_of, watchers};
use watcher::{MOMENT, Surroundings, Watcher};
pub(crate) use watcher::{Onlooker, Told};

use crate::daemon::{Living, RunFolder, living};
use crate::queue::{Commits, Error, Queue};

/// How soon after a look at a session's streams a commit has them looked at again.
const SOON: Duration = Duration::from_millis(100);

/// How often they are looked at though nobody has told of a commit.
const POLL: Duration = Duration::from_mins(1);

/// What a server watches from its start.
#[derive(Debug, Clone)]
pub(crate) enum Watch {
    /// Nothing.
    Nothing,
    /// One stream: its id or name.
    Stream(String),
    /// All streams of a session, also those made later: its id or name.
    Session(String),
}

/// The watchers inside the server.
#[derive(Clone)]
pub(crate) struct Watchers(Arc<Inner>);

struct Inner {
    folder: RunFolder,
    around: Surroundings,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    watchers: HashMap<StreamId, OneWatcher>,
    /// Streams whose watcher somebody has stopped: it does not come back by itself.
    let_go: HashSet<StreamId>,
    /// Keep sessions complete.
    followers: Vec<JoinHandle<()>>,
    /// The server is to end.
    closed: bool,
}

struct OneWatcher {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl fmt::Debug for Watchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchers").finish_non_exhaustive()
    }
}

impl Watchers {
    /// The watchers of a server whose runtime files lie in `folder`; none yet.
    pub(crate) fn new(
        folder: RunFolder,
        queue: Arc<Queue>,
        commits: Commits,
        onlooker: Onlooker,
    ) -> Self {
        let around = Surroundings {
            queue,
            commits,
            in_server: true,
            onlooker,
        };
        Self(Arc::new(Inner {
            folder,
            around,
            running: Mutex::default(),
        }))
    }

    /// Starts what a server watches from its start. The session's streams are followed in the background.
    pub(crate) async fn start(&self, watch: Watch) -> Result<(), Error> {
        let queue = &self.0.around.queue;
        match watch {
            Watch::Nothing => Ok(()),
            Watch::Stream(given) => {
                let stream = queue.stream(given).await?.value;
                self.begin(&stream)
            }
            Watch::Session(given) => {
                let session = queue.active_session(given).await?.value;
                let commits = self.0.around.commits.watch();
                let seen = self.look(&session.id).await;
                let follower = tokio::spawn(self.clone().follow(session.id, commits, seen));
                self.running().followers.push(follower);
                Ok(())
            }
        }
    }

    /// What runs for the project, in this process and in others.
    pub(crate) async fn living(&self) -> Living {
        let folder = self.0.folder.clone();
        let looked = tokio::task::spawn_blocking(move || living(&folder)).await;
        // The lock is its own server's.
        looked.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// Stops the watcher of `stream`; it does not come back by itself. False when there was none.
    pub(crate) async fn stop(&self, stream: &StreamId) -> bool {
        let watcher = {
            let mut running = self.running();
            running.let_go.insert(stream.clone());
            running.watchers.remove(stream)
        };
        match watcher {
            Some(watcher) => watcher.end().await,
            None => false,
        }
    }

    /// Stops all watchers; no other begins.
    pub(crate) async fn stop_all(&self) {
        let (watchers, followers): (Vec<_>, Vec<_>) = {
            let mut running = self.running();
            running.closed = true;
            let watchers = running.watchers.drain().collect();
            (watchers, running.followers.drain(..).collect())
        };
        for follower in followers {
            follower.abort();
            // It was aborted, so it has ended with an error.
            let _ = follower.await;
        }
        // All are told before the first is waited for.
        for (_, watcher) in &watchers {
            watcher.stop.send_replace(true);
        }
        for (_, watcher) in watchers {
            watcher.end().await;
        }
    }

    /// Starts the watcher of one stream.
    fn begin(&self, stream: &Stream) -> Result<(), Error> {
        let watcher = Watcher::take(self.0.around.clone(), &self.0.folder, stream)?;
        let (stop, stopped) = watch::channel(false);
        let mut running = self.running();
        if running.closed {
            watcher.leave();
            return Ok(());
        }
        let task = tokio::spawn(async move { drop(watcher.run(stopped).await) });
        let watcher = OneWatcher { stop, task };
        running.watchers.insert(stream.id.clone(), watcher);
        Ok(())
    }

    /// Keeps a watcher for every active stream of a session, until the server ends.
    async fn follow(
        self,
        session: SessionId,
        mut commits: watch::Receiver<u64>,
        mut complete: bool,
    ) {
        loop {
            let poll = if complete { POLL } else { SOON };
            tokio::select! {
                changed = commits.changed() => if changed.is_err() { return },
                () = sleep(poll) => {}
            }
            sleep(SOON).await;
            commits.mark_unchanged();
            complete = self.look(&session).await;
        }
    }

    /// Starts the watchers that a session lacks. False when one could not be started, because another process watches
    /// the stream, or the like.
    async fn look(&self, session: &SessionId) -> bool {
        let active = match self.0.around.queue.active_streams(session.clone()).await {
            Ok(active) => active.value,
            Err(error) => {
                tracing::warn!(%error, "the session's streams cannot be read");
                return false;
            }
        };
        let lacking: Vec<_> = {
            let mut running = self.running();
            running.let_go.retain(|stream| active.contains(stream));
            running
                .watchers
                .retain(|_, watcher| !watcher.task.is_finished());
            let lacks = |stream: &StreamId| {
                !running.watchers.contains_key(stream) && !running.let_go.contains(stream)
            };
            active.into_iter().filter(lacks).collect()
        };
        let mut complete = true;
        for stream in lacking {
            complete &= self.begin_if_free(stream).await;
        }
        complete
    }

    async fn begin_if_free(&self, stream: StreamId) -> bool {
        let stream = match self.0.around.queue.stream(stream.into()).await {
            Ok(stream) => stream.value,
            // Gone since it was listed.
            Err(Error::Refusal(_)) => return true,
            Err(error) => {
                tracing::warn!(%error, "a stream cannot be read");
                return false;
            }
        };
        if is_watched(self.0.folder.path(), &stream.name) {
            return false;
        }
        match self.begin(&stream) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, stream = %stream.name, "a stream cannot be watched");
                false
            }
        }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl OneWatcher {
    /// Ends it and waits for that. False when it had ended already.
    async fn end(self) -> bool {
        let lived = !self.task.is_finished();
        self.stop.send_replace(true);
        // One that has panicked has ended too.
        let _ = self.task.await;
        lived
    }
}

/// Removes pipes and flags of watchers that did not get to. Who waits in such a pipe sees its end.
pub(crate) async fn tidy(folder: &Path) {
    let left = files::left_behind(folder);
    if !left.is_empty() {
        sleep(MOMENT).await;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use sparkq_core::Time;
    use sparkq_store::sqlite::SqliteStore;

    use super::*;
    use crate::config::Project;
    use crate::queue::{Access, testing};

    #[test]
    fn a_watcher_that_comes_while_the_server_ends_leaves_no_pipe_behind() {
        let temp = tempfile::tempdir().expect("a folder");
        let database = temp.path().join("sparkq.db");
        let mut store = SqliteStore::create(&database, crate::entropy()).expect("a database");
        testing::queue_one(&mut store, Time::from_millis(1));
        let project = Project::of("", &temp.path().join("sparkq.toml")).expect("a project");
        let (run, folder) = (project.run_folder(), RunFolder::of(&project));
        let queue = Queue::new(project, Access::File(Mutex::new(store)), crate::now);
        let stream = pollster::block_on(queue.stream("a".into())).expect("a stream");
        let commits = Commits::new();
        let watchers = Watchers::new(folder, Arc::new(queue), commits, Arc::new(|_| {}));
        pollster::block_on(watchers.stop_all());
        fs::create_dir_all(&run).expect("made");
        fs::write(run.join("a.done"), "").expect("written");
        watchers.begin(&stream.value).expect("nothing to do");
        let left = fs::read_dir(&run).expect("a folder");
        let left: Vec<_> = left.map(|entry| entry.expect("read").file_name()).collect();
        assert_eq!(left, ["a.lock"]);
    }
}
