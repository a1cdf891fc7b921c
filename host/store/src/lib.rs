//! Where SparkQ keeps its queue.
//!
//! The seam is [`Store`]: blocking, object-safe, and its unit is the transaction. A batch of writes is committed
//! once and leaves each request its own answer or refusal; nothing is answered before COMMIT.

mod error;
mod pool;
mod read;
mod request;
pub mod sqlite;
mod write;

pub use error::{Error, Fault, FaultKind};
pub use pool::Readers;
pub use read::{
    Lane, Page, PluginLog, Project, Read, StatsQuery, TaskFilter, TaskQuery, TaskRecord,
};
pub use request::{
    BatchQueued, CancelTask, ClaimTask, CreateSession, CreateStream, EditSession, EditStream,
    EnqueueTask, EnqueueTasks, ExpireTasks, FinishTask, Finished, ForgetOld, IndexTasks,
    NewPluginLine, NoteRequest, Outcome, PluginFailed, PurgeRest, PurgeState, PurgeTasks,
    PurgedPart, Queued, ReleaseTask, ReleasedBy, RequestKey, RequeueTask, RestorePlugin,
    SavePluginLog, SavePlugins, SaveProject, SaveReload, SaveScripts,
};
pub use write::{Done, Job, Verb, Woken, Write};

/// One connection to a queue.
pub trait Store: Send {
    /// Runs each request of `batch` on its own, commits once, and leaves each its answer or refusal.
    /// On a fault nothing of the batch was kept.
    fn write(&mut self, batch: &mut [Write]) -> Result<(), Fault>;

    /// A consistent look at the queue as it is now; held no longer than the value lives.
    fn read(&self) -> Result<Box<dyn Read + '_>, Fault>;

    /// A number that differs from the one before when another connection has committed since.
    fn version(&self) -> Result<i64, Fault>;

    /// Leaves the queue as whoever opens it next has least to do. Nothing is lost where it is not called.
    fn settle(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

/// Runs one request as a transaction of its own.
pub fn write_one<V: Verb>(store: &mut dyn Store, request: V) -> Result<Done<V::Answer>, Error> {
    let mut batch = [request.into_write()];
    store.write(&mut batch)?;
    let [write] = batch;
    V::answer(write).unwrap_or_else(|| Err(Fault::unanswered().into()))
}
