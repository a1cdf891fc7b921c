//! Where a command's work goes: to the project's live server, or to the file itself.
//! What only reads always opens the file.

use std::cell::Cell;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::{
    BatchQueued, BulkPurge, Cancel, Check, Checked, Claimed, Complete, EditSession, EditStream,
    Enqueue, EnqueueBatch, Fail, NewSession, NewStream, Purged, Reloaded, Requeue, Session, Stream,
    Task, WatcherStopped,
};
use sparkq_core::{Code, StreamId, Worker, limits};
use sparkq_store::sqlite::SqliteStore;

use super::args::worker;
use super::client::{Client, Lost, Request};
use super::ui::Problem;
use crate::config::Project;
use crate::daemon::{RunFolder, live_server, server_now, sign};
use crate::queue::{Access, Claim, Error, Progress, Queue, request_key};
use crate::{entropy, now};

/// How often a server that does not listen is looked for again: five seconds.
const TRIES: u32 = 250;
const PAUSE: Duration = Duration::from_millis(20);

/// How long one request waits for work; a longer wait is several requests.
const LONGEST_POLL: Duration = Duration::from_mins(1);

/// The longest part of an address: longer than any id or name, so what is longer can only be refused.
const LONGEST_PART: usize = 256;

/// A command's way to the queue of its project.
pub(super) struct Door {
    project: Project,
    direct: bool,
}

impl Door {
    pub(super) fn find(config: Option<&Path>, direct: bool) -> Result<Self, Problem> {
        Ok(Self {
            project: Project::find(config)?,
            direct,
        })
    }

    /// How many days the project keeps finished tasks.
    pub(super) fn keeps_days(&self) -> u32 {
        self.project.config.purge.older_than_days
    }

    /// The project whose queue it is.
    pub(super) fn project(&self) -> &Project {
        &self.project
    }

    /// The queue in the file, right here.
    pub(super) fn file(&self) -> Result<Queue, Problem> {
        let store = SqliteStore::open(&self.project.database(), entropy()).map_err(Error::from)?;
        let store = store.with_sign(sign(&RunFolder::of(&self.project)));
        Ok(Queue::new(
            self.project.clone(),
            Access::File(Mutex::new(store)),
            now,
        ))
    }

    /// The queue in the file, for a look at tasks: where no server does it, those whose time is over are failed first.
    pub(super) fn look(&self) -> Result<Queue, Problem> {
        let queue = self.file()?;
        self.sweep(&queue);
        Ok(queue)
    }

    /// Does what a server does every second, where none lives.
    fn sweep(&self, queue: &Queue) {
        // One that starts does it in a moment, so nobody has to wait for that.
        if let Ok(Some(_)) = server_now(&RunFolder::of(&self.project)) {
            return;
        }
        if let Err(error) = wait(queue.sweep()) {
            // It must not cost the answer that was asked for.
            tracing::warn!(%error, "overdue tasks could not be failed");
        }
    }

    /// Has the live server answer `request`, or `here` the file: when no server lives, when the command is to be
    /// direct, and when the request is larger than a server takes. The file takes what the server does, because it
    /// is the same queue.
    fn write<T: DeserializeOwned>(
        &self,
        request: Request<'_, impl Serialize>,
        here: impl FnOnce(&Queue, Worker) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let actor = worker(None)?;
        let body = request.to_bytes()?;
        let mut lost = None;
        let fits = body.len() <= limits::BODY;
        let addressable = request.path.iter().all(|part| part.len() <= LONGEST_PART);
        if !self.direct && fits && addressable {
            let folder = RunFolder::of(&self.project);
            // A server that ends no longer listens while it still holds the lock.
            for _ in 0..TRIES {
                let Some(server) = live_server(&folder)? else {
                    break;
                };
                match Client::new(server, &actor)?.send(&request, &body) {
                    Err(Lost::NobodyListens) => thread::sleep(PAUSE),
                    // With a key it is asked again, of the next server or of the file, and done once all the same.
                    Err(Lost::Midway(problem)) if request.is_repeatable() && lost.is_none() => {
                        lost = Some(problem);
                        thread::sleep(PAUSE);
                    }
                    Err(Lost::Midway(problem) | Lost::Problem(problem)) => return Err(problem),
                    Ok(answer) => return Ok(answer),
                }
            }
        }
        here(&self.file()?, actor)
    }

    pub(super) fn create_session(&self, new: NewSession) -> Result<Session, Problem> {
        self.write(Request::new(&["sessions"], &new), |queue, actor| {
            Ok(wait(queue.create_session(new.clone(), actor))?.value)
        })
    }

    pub(super) fn create_stream(&self, new: NewStream) -> Result<Stream, Problem> {
        self.write(Request::new(&["streams"], &new), |queue, actor| {
            Ok(wait(queue.create_stream(new.clone(), actor))?.value)
        })
    }

    pub(super) fn enqueue(&self, new: Enqueue) -> Result<Task, Problem> {
        let key = new_key();
        self.write(Request::new(&["tasks"], &new).once(&key), |queue, actor| {
            let request = request_key(&key, "enqueue", &new);
            Ok(wait(queue.enqueue(new.clone(), actor, Some(request)))?
                .value
                .task)
        })
    }

    pub(super) fn enqueue_batch(&self, tasks: Vec<Enqueue>) -> Result<BatchQueued, Problem> {
        let batch = EnqueueBatch { tasks };
        let key = new_key();
        let request = Request::new(&["tasks", "batch"], &batch).once(&key);
        self.write(request, |queue, actor| {
            let request = request_key(&key, "batch", &batch.tasks);
            let tasks = batch.tasks.clone();
            Ok(wait(queue.enqueue_batch(tasks, &actor, Some(request)))?.value)
        })
    }

    /// Claims the oldest queued task, and waits up to `patience` for one.
    pub(super) fn claim(
        &self,
        stream: String,
        worker: Worker,
        patience: Duration,
    ) -> Result<Option<Claimed>, Problem> {
        let path = ["streams", &stream, "claim"];
        let end = Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let part = left.min(LONGEST_POLL);
            let key = new_key();
            let request = Request::new(&path, &())
                .with("worker", worker.as_str())
                .waiting(part)
                .once(&key);
            let claimed = self.write(request, |queue, _| {
                self.sweep(queue);
                let claim = Claim {
                    stream: stream.clone(),
                    worker: worker.clone(),
                    request: Some(request_key(&key, "claim", &(&stream, worker.as_str()))),
                };
                let stopping = tokio::sync::watch::channel(false).1;
                Ok(wait(queue.claim_within(claim, part, stopping, || true))?.value)
            });
            match claimed {
                Ok(None) if Instant::now() < end => {}
                // A server that ends lets its waiters go; another one, or the file, is there in a moment.
                Err(Problem::Error(body))
                    if body.code == Code::ShuttingDown.as_str() && Instant::now() < end =>
                {
                    thread::sleep(PAUSE);
                }
                over => return over,
            }
        }
    }

    pub(super) fn edit_session(
        &self,
        session: String,
        edit: EditSession,
    ) -> Result<Session, Problem> {
        let path = ["sessions", &session];
        self.write(Request::put(&path, &edit), |queue, actor| {
            Ok(wait(queue.edit_session(session.clone(), edit.clone(), actor))?.value)
        })
    }

    pub(super) fn edit_stream(&self, stream: String, edit: EditStream) -> Result<Stream, Problem> {
        let path = ["streams", &stream];
        self.write(Request::put(&path, &edit), |queue, actor| {
            Ok(wait(queue.edit_stream(stream.clone(), edit.clone(), actor))?.value)
        })
    }

    pub(super) fn requeue(&self, task: String, requeue: Requeue) -> Result<Task, Problem> {
        let path = ["tasks", &task, "requeue"];
        let key = new_key();
        self.write(Request::new(&path, &requeue).once(&key), |queue, actor| {
            let request = request_key(&key, "requeue", &(&task, &requeue));
            let done = wait(queue.requeue(task.clone(), requeue.clone(), actor, Some(request)))?;
            Ok(done.value.task)
        })
    }

    pub(super) fn check(&self, tool: &str, check: Check) -> Result<Checked, Problem> {
        let path = ["tools", tool, "check"];
        self.write(Request::new(&path, &check), |queue, _| {
            Ok(wait(queue.check_payload(tool.to_owned(), check.clone()))?.value)
        })
    }

    pub(super) fn cancel(&self, task: String, cancel: Cancel) -> Result<Task, Problem> {
        let path = ["tasks", &task, "cancel"];
        self.write(Request::new(&path, &cancel), |queue, actor| {
            Ok(wait(queue.cancel(task.clone(), cancel.clone(), actor))?.value)
        })
    }

    pub(super) fn purge(&self, purge: &BulkPurge, progress: &Progress) -> Result<Purged, Problem> {
        let request = Request::new(&["tasks", "purge"], purge).patient();
        self.write(request, |queue, actor| {
            Ok(wait(queue.purge(purge.clone(), actor, Arc::clone(progress)))?.value)
        })
    }

    pub(super) fn complete(&self, task: String, complete: Complete) -> Result<Task, Problem> {
        let path = ["tasks", &task, "complete"];
        self.write(Request::new(&path, &complete), |queue, actor| {
            Ok(wait(queue.complete(task.clone(), complete.clone(), actor))?.value)
        })
    }

    /// Has the live server end its watcher of `stream`. Where none lives, there is no such watcher.
    pub(super) fn let_go(&self, stream: &StreamId) -> Result<(), Problem> {
        let actor = worker(None)?;
        let folder = RunFolder::of(&self.project);
        for _ in 0..TRIES {
            let Some(server) = live_server(&folder)? else {
                break;
            };
            let path = ["streams", stream.as_str(), "watcher"];
            match Client::new(server, &actor)?.delete::<WatcherStopped>(&path) {
                // What is gone can be asked to go again.
                Err(Lost::NobodyListens | Lost::Midway(_)) => thread::sleep(PAUSE),
                Err(Lost::Problem(problem)) => return Err(problem),
                Ok(_) => break,
            }
        }
        Ok(())
    }

    pub(super) fn fail(&self, task: String, fail: Fail) -> Result<Task, Problem> {
        let path = ["tasks", &task, "fail"];
        self.write(Request::new(&path, &fail), |queue, actor| {
            Ok(wait(queue.fail(task.clone(), fail.clone(), actor))?.value)
        })
    }

    /// Has the server read everything anew, and tells whether there was one. Without one it is only looked at.
    pub(super) fn reload(&self) -> Result<(Reloaded, bool), Problem> {
        let told = Cell::new(true);
        let reloaded = self.write(Request::new(&["reload"], &()), |queue, _| {
            told.set(false);
            Ok(wait(queue.check_all())?)
        })?;
        Ok((reloaded, told.get()))
    }
}

/// A key that no other request has.
fn new_key() -> String {
    let mut random = entropy();
    format!("{:016x}{:016x}", random(), random())
}

/// Runs a method of the queue to its end; with the file right here it never really waits.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> T {
    pollster::block_on(work)
}
