//! The project's own queue: its live server, or the file itself. What only reads always opens the file.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::WatcherStopped;
use sparkq_core::{StreamId, Worker, limits};
use sparkq_store::sqlite::SqliteStore;

use super::wait;
use crate::cli::args::worker;
use crate::cli::client::{Client, Lost, Request};
use crate::cli::ui::Problem;
use crate::config::Project;
use crate::daemon::{RunFolder, live_server, server_now, sign};
use crate::queue::{Access, Error, Queue};
use crate::{entropy, now};

/// How often a server that does not listen is looked for again: five seconds.
const TRIES: u32 = 250;
const PAUSE: Duration = Duration::from_millis(20);

/// The longest part of an address: longer than any id or name, so what is longer can only be refused.
const LONGEST_PART: usize = 256;

/// From which length on a WAL is emptied, in bytes: what some twenty commands write, and is read in half a millisecond.
const LONG_WAL: u64 = 1 << 20;

/// The way to the queue of the project here.
pub(in crate::cli) struct Here {
    project: Project,
    direct: bool,
}

impl Here {
    /// The project that `config` names, else the one that is found by walking up.
    pub(in crate::cli) fn find(config: Option<&Path>, direct: bool) -> Result<Self, Problem> {
        Ok(Self {
            project: Project::find(config)?,
            direct,
        })
    }

    /// The project whose queue it is.
    pub(in crate::cli) fn project(&self) -> &Project {
        &self.project
    }

    /// Whether it goes to the file also while a server lives.
    pub(in crate::cli) fn is_direct(&self) -> bool {
        self.direct
    }

    /// The queue in the file, right here.
    pub(in crate::cli) fn file(&self) -> Result<Queue, Problem> {
        let store = SqliteStore::open(&self.project.database(), entropy()).map_err(Error::from)?;
        let store = store.with_sign(sign(&RunFolder::of(&self.project)));
        let queue = Queue::new(self.project.clone(), Access::File(Mutex::new(store)), now);
        // Only a project with plugins of others has anything to say that a server could say differently.
        let others = !self.project.config.plugins.is_empty();
        if others && matches!(server_now(&RunFolder::of(&self.project)), Ok(Some(_))) {
            return Ok(queue.beside_server());
        }
        Ok(queue)
    }

    /// The queue in the file, for a look at tasks: where no server does it, those whose time is over are failed first.
    pub(super) fn look(&self) -> Result<Queue, Problem> {
        let queue = self.file()?;
        self.sweep(&queue);
        Ok(queue)
    }

    /// Does what a server does every second, where none lives.
    pub(super) fn sweep(&self, queue: &Queue) {
        // One that starts does it in a moment, so nobody has to wait for that.
        if let Ok(Some(_)) = server_now(&RunFolder::of(&self.project)) {
            return;
        }
        if let Err(error) = wait(queue.sweep()) {
            // It must not cost the answer that was asked for.
            tracing::warn!(%error, "overdue tasks could not be failed");
        }
    }

    /// Has the live server answer `request`, or `file` the file: when no server lives, when the command is to be
    /// direct, and when the request is larger than a server takes. The file takes what the server does, because it
    /// is the same queue. A request that was lost on the way is sent again, to the next server or to the file.
    pub(super) fn write<T: DeserializeOwned>(
        &self,
        request: &Request<'_, impl Serialize>,
        file: impl FnOnce(&Queue, Worker) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let actor = worker(None)?;
        let body = request.to_bytes()?;
        let fits = body.len() <= limits::BODY;
        let is_addressable = |part: &&str| (1..=LONGEST_PART).contains(&part.len());
        if !self.direct && fits && request.path.iter().all(is_addressable) {
            let folder = RunFolder::of(&self.project);
            let mut lost = None;
            // A server that ends no longer listens while it still holds the lock.
            for _ in 0..TRIES {
                let Some(server) = live_server(&folder)? else {
                    lost = None;
                    break;
                };
                match Client::own(server)?.send(request, &body, Some(&actor)) {
                    Err(Lost::NobodyListens(_) | Lost::Leaving(_)) => {}
                    Err(Lost::Midway(problem)) => lost = Some(problem),
                    Err(Lost::Problem(problem) | Lost::NoSuchHost(problem)) => return Err(problem),
                    Ok(answer) => return Ok(answer),
                }
                thread::sleep(PAUSE);
            }
            // A server that breaks every connection and yet lives may still be at it.
            if let Some(problem) = lost {
                return Err(problem);
            }
        }
        let queue = self.file()?;
        let answer = file(&queue, actor);
        self.settle(&queue);
        answer
    }

    /// Empties a WAL that has become long, where no server lives, whose matter it would be. A command begins a WAL
    /// where the one before has ended it, so it would grow with each, and each reads all of it when it opens the file.
    fn settle(&self, queue: &Queue) {
        let mut wal = self.project.database().into_os_string();
        wal.push("-wal");
        if !fs::metadata(wal).is_ok_and(|wal| wal.len() > LONG_WAL) {
            return;
        }
        if let Ok(Some(_)) = server_now(&RunFolder::of(&self.project)) {
            return;
        }
        if let Err(error) = queue.settle() {
            // Whoever writes next tries again.
            tracing::debug!(%error, "the WAL could not be emptied");
        }
    }

    /// Has the live server end its watcher of `stream`. Where none lives, there is no such watcher.
    pub(in crate::cli) fn let_go(&self, stream: &StreamId) -> Result<(), Problem> {
        let actor = worker(None)?;
        let folder = RunFolder::of(&self.project);
        let path = ["streams", stream.as_str(), "watcher"];
        let request = Request::delete(&path);
        for _ in 0..TRIES {
            let Some(server) = live_server(&folder)? else {
                break;
            };
            match Client::own(server)?.send::<WatcherStopped>(&request, &[], Some(&actor)) {
                // What is gone can be asked to go again.
                Err(Lost::NobodyListens(_) | Lost::Leaving(_) | Lost::Midway(_)) => {
                    thread::sleep(PAUSE);
                }
                Err(Lost::Problem(problem) | Lost::NoSuchHost(problem)) => return Err(problem),
                Ok(_) => break,
            }
        }
        Ok(())
    }
}
