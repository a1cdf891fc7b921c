//! Where a command's work goes: to the project's live server, or to the file itself.
//! What only reads always opens the file.

use std::path::Path;
use std::sync::Mutex;

use sparkq_core::Worker;
use sparkq_core::wire::{
    BatchQueued, Claimed, Complete, Enqueue, EnqueueBatch, Fail, NewSession, NewStream, Session,
    Stream, Task,
};
use sparkq_store::sqlite::SqliteStore;

use super::args::worker;
use super::client::Client;
use super::ui::Problem;
use crate::config::Project;
use crate::daemon::live_server;
use crate::queue::{Access, Error, Queue};
use crate::{entropy, now};

/// A command's way to the queue of its project.
pub(super) struct Door {
    project: Project,
    direct: bool,
}

/// Who takes a write.
enum Taker {
    Server(Client),
    File(Box<Queue>),
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

    /// Who takes the write, and in whose name it is asked for.
    fn taker(&self) -> Result<(Taker, Worker), Problem> {
        let actor = worker(None)?;
        let server = if self.direct {
            None
        } else {
            live_server(&self.project.run_folder())
        };
        match server {
            Some(server) => Ok((Taker::Server(Client::new(server, &actor)?), actor)),
            None => Ok((Taker::File(Box::new(self.file()?)), actor)),
        }
    }

    pub(super) fn create_session(&self, new: NewSession) -> Result<Session, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.post(&["sessions"], &new),
            (Taker::File(queue), actor) => Ok(wait(queue.create_session(new, actor))?.value),
        }
    }

    pub(super) fn create_stream(&self, new: NewStream) -> Result<Stream, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.post(&["streams"], &new),
            (Taker::File(queue), actor) => Ok(wait(queue.create_stream(new, actor))?.value),
        }
    }

    pub(super) fn enqueue(&self, new: Enqueue) -> Result<Task, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.post(&["tasks"], &new),
            (Taker::File(queue), actor) => Ok(wait(queue.enqueue(new, actor))?.value.task),
        }
    }

    pub(super) fn enqueue_batch(&self, tasks: Vec<Enqueue>) -> Result<BatchQueued, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.post(&["tasks", "batch"], &EnqueueBatch { tasks }),
            (Taker::File(queue), actor) => Ok(wait(queue.enqueue_batch(tasks, &actor))?.value),
        }
    }

    pub(super) fn claim(&self, stream: String, worker: Worker) -> Result<Option<Claimed>, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.claim(&stream, &worker),
            (Taker::File(queue), _) => Ok(wait(queue.claim(stream, worker))?.value),
        }
    }

    pub(super) fn complete(&self, task: String, complete: Complete) -> Result<Task, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.post(&["tasks", &task, "complete"], &complete),
            (Taker::File(queue), actor) => Ok(wait(queue.complete(task, complete, actor))?.value),
        }
    }

    pub(super) fn fail(&self, task: String, fail: Fail) -> Result<Task, Problem> {
        match self.taker()? {
            (Taker::Server(server), _) => server.post(&["tasks", &task, "fail"], &fail),
            (Taker::File(queue), actor) => Ok(wait(queue.fail(task, fail, actor))?.value),
        }
    }
}

/// Runs a method of the queue to its end; with the file right here it never really waits.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> T {
    pollster::block_on(work)
}
