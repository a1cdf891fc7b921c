//! Where a command's work goes: to the project's live server, or to the file itself.
//! What only reads always opens the file.

use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::{
    BatchQueued, Claimed, Complete, Enqueue, EnqueueBatch, Fail, NewSession, NewStream, Session,
    Stream, Task,
};
use sparkq_core::{Worker, limits};
use sparkq_store::sqlite::SqliteStore;

use super::args::worker;
use super::client::{Client, Lost, Request};
use super::ui::Problem;
use crate::config::Project;
use crate::daemon::live_server;
use crate::queue::{Access, Error, Queue};
use crate::{entropy, now};

/// How often a server that does not listen is looked for again: five seconds.
const TRIES: u32 = 250;
const PAUSE: Duration = Duration::from_millis(20);

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

    /// The queue in the file, right here.
    pub(super) fn file(&self) -> Result<Queue, Problem> {
        let store = SqliteStore::open(&self.project.database(), entropy()).map_err(Error::from)?;
        Ok(Queue::new(
            self.project.clone(),
            Access::File(Mutex::new(store)),
            now,
        ))
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
        let fits = body.len() <= limits::BODY;
        let addressable = request.path.iter().all(|part| part.len() <= LONGEST_PART);
        if !self.direct && fits && addressable {
            let folder = self.project.run_folder();
            // A server that ends no longer listens while it still holds the lock.
            for _ in 0..TRIES {
                let Some(server) = live_server(&folder) else {
                    break;
                };
                match Client::new(server, &actor)?.post(&request, &body) {
                    Err(Lost::NobodyListens) => thread::sleep(PAUSE),
                    Err(Lost::Problem(problem)) => return Err(problem),
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
        self.write(Request::new(&["tasks"], &new), |queue, actor| {
            Ok(wait(queue.enqueue(new.clone(), actor))?.value.task)
        })
    }

    pub(super) fn enqueue_batch(&self, tasks: Vec<Enqueue>) -> Result<BatchQueued, Problem> {
        let batch = EnqueueBatch { tasks };
        self.write(Request::new(&["tasks", "batch"], &batch), |queue, actor| {
            Ok(wait(queue.enqueue_batch(batch.tasks.clone(), &actor))?.value)
        })
    }

    pub(super) fn claim(&self, stream: String, worker: Worker) -> Result<Option<Claimed>, Problem> {
        let path = ["streams", &stream, "claim"];
        let request = Request::new(&path, &()).with("worker", worker.as_str());
        self.write(request, |queue, _| {
            Ok(wait(queue.claim(stream.clone(), worker.clone()))?.value)
        })
    }

    pub(super) fn complete(&self, task: String, complete: Complete) -> Result<Task, Problem> {
        let path = ["tasks", &task, "complete"];
        self.write(Request::new(&path, &complete), |queue, actor| {
            Ok(wait(queue.complete(task.clone(), complete.clone(), actor))?.value)
        })
    }

    pub(super) fn fail(&self, task: String, fail: Fail) -> Result<Task, Problem> {
        let path = ["tasks", &task, "fail"];
        self.write(Request::new(&path, &fail), |queue, actor| {
            Ok(wait(queue.fail(task.clone(), fail.clone(), actor))?.value)
        })
    }
}

/// Runs a method of the queue to its end; with the file right here it never really waits.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> T {
    pollster::block_on(work)
}
