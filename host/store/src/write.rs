//! A request on its way through the store, and the answer it comes back with.

use sparkq_core::TaskId;
use sparkq_core::wire::{Claimed, Session, Stream, Task};

use crate::error::Error;
use crate::read::Project;
use crate::request::{
    ClaimTask, CreateSession, CreateStream, EnqueueTask, EnqueueTasks, FinishTask, Queued,
    SavePlugins, SaveProject, SaveScripts,
};

/// What came of a request, and the last event that tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<T> {
    /// The answer.
    pub value: T,
    /// The last event the answer includes.
    pub seq: i64,
}

/// A request with a place for its answer.
#[derive(Debug)]
pub struct Job<V: Verb> {
    /// What is asked.
    pub request: V,
    /// What came of it; none before the batch has run.
    pub answer: Option<Result<Done<V::Answer>, Error>>,
}

/// A request that changes the queue.
pub trait Verb: Sized + Send + 'static {
    /// What comes of it.
    type Answer: Send + 'static;

    /// Puts the request into an envelope for a batch.
    fn into_write(self) -> Write;

    /// Takes the answer out of the envelope; none if the batch has not run.
    fn answer(write: Write) -> Option<Result<Done<Self::Answer>, Error>>;
}

macro_rules! writes {
    ($($(#[$doc:meta])* $verb:ident => $answer:ty;)*) => {
        /// One request of a batch.
        #[derive(Debug)]
        pub enum Write { $($(#[$doc])* $verb(Job<$verb>),)* }

        $(impl Verb for $verb {
            type Answer = $answer;

            fn into_write(self) -> Write {
                Write::$verb(Job { request: self, answer: None })
            }

            fn answer(write: Write) -> Option<Result<Done<$answer>, Error>> {
                match write {
                    Write::$verb(job) => job.answer,
                    _ => None,
                }
            }
        })*

        /// Calls `$with!` with the names of all verbs, so that an engine can dispatch on them.
        macro_rules! for_each_verb {
            ($with:ident) => { $with!($($verb),*); };
        }
        pub(crate) use for_each_verb;
    };
}

writes! {
    /// Sets what the project is called and where it lies.
    SaveProject => Project;
    /// Makes a session.
    CreateSession => Session;
    /// Makes a stream.
    CreateStream => Stream;
    /// Puts one task into a stream.
    EnqueueTask => Queued;
    /// Puts many tasks into streams, all or none.
    EnqueueTasks => Vec<TaskId>;
    /// Hands the oldest queued task of a stream to a worker.
    ClaimTask => Option<Claimed>;
    /// Completes or fails a running task.
    FinishTask => Task;
    /// Replaces the catalogue of plugins and tools.
    SavePlugins => ();
    /// Replaces the script index.
    SaveScripts => ();
}
