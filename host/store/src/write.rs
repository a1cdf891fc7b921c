//! A request on its way through the store, and the answer it comes back with.

use sparkq_core::StreamId;
use sparkq_core::wire::{Claimed, PluginFaults, Purged, Session, Stream, Task};

use crate::error::Error;
use crate::read::Project;
use crate::request::{
    BatchQueued, CancelTask, ClaimTask, CreateSession, CreateStream, EditSession, EditStream,
    EnqueueTask, EnqueueTasks, ExpireTasks, FinishTask, Finished, ForgetOld, IndexTasks,
    NoteRequest, PluginFailed, PurgeRest, PurgeTasks, PurgedPart, Queued, ReleaseTask, ReleasedBy,
    RequeueTask, RestorePlugin, SavePluginLog, SavePlugins, SaveProject, SaveReload, SaveScripts,
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
    EnqueueTasks => BatchQueued;
    /// Hands the oldest queued task of a stream to a worker.
    ClaimTask => Option<Claimed>;
    /// Completes or fails a running task.
    FinishTask => Finished;
    /// Queues a clone of a finished task.
    RequeueTask => Queued;
    /// Takes a queued task out of the queue.
    CancelTask => Task;
    /// Undoes a claim whose answer nobody has read; tells the stream, if there was something to undo.
    ReleaseTask => Option<StreamId>;
    /// Fails tasks that are past twice their timeout; tells how many.
    ExpireTasks => u32;
    /// Removes a part of the finished tasks.
    PurgeTasks => PurgedPart;
    /// Removes what is left over.
    PurgeRest => Purged;
    /// Removes a part of what is kept for a while only; tells whether there may be more.
    ForgetOld => bool;
    /// Notes how far a request with a key has come.
    NoteRequest => ();
    /// Changes, ends or reopens a session.
    EditSession => Session;
    /// Changes, ends or reopens a stream.
    EditStream => Stream;
    /// Brings the search up to date with a part of the event log; tells how many events are left.
    IndexTasks => i64;
    /// Replaces the catalogue of plugins and tools, and tells of those that came and went.
    SavePlugins => ();
    /// Keeps what plugins wrote into their logs.
    SavePluginLog => ();
    /// Counts a call of a plugin that failed.
    PluginFailed => PluginFaults;
    /// Forgets how a plugin has failed; tells whether it was left alone.
    RestorePlugin => bool;
    /// Replaces the script index.
    SaveScripts => ();
    /// Keeps what a reload has found, and tells of it.
    SaveReload => ();
}

/// Who has to be told of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Woken {
    /// These streams have new queued tasks.
    pub streams: Vec<StreamId>,
    /// Streams were ended or reopened: everybody who waits must look.
    pub all: bool,
}

impl Write {
    /// Adds those who wait for what this request has done.
    pub(crate) fn wake(&self, woken: &mut Woken) {
        match self {
            Self::EnqueueTask(Job {
                answer: Some(Ok(done)),
                ..
            })
            | Self::RequeueTask(Job {
                answer: Some(Ok(done)),
                ..
            }) => woken.streams.push(done.value.task.stream_id.clone()),
            Self::EnqueueTasks(Job {
                answer: Some(Ok(done)),
                ..
            }) => woken.streams.extend_from_slice(&done.value.streams),
            Self::ReleaseTask(Job {
                answer: Some(Ok(done)),
                ..
            }) => woken.streams.extend(done.value.clone()),
            Self::EditSession(_) | Self::EditStream(_) | Self::PurgeRest(_) => woken.all = true,
            _ => {}
        }
    }

    /// The request that undoes this one, for an answer that nobody took: only a claim has one.
    #[must_use]
    pub fn undo(self) -> Option<Self> {
        let Self::ClaimTask(Job {
            request,
            answer:
                Some(Ok(Done {
                    value: Some(claimed),
                    ..
                })),
        }) = self
        else {
            return None;
        };
        let release = ReleaseTask {
            task: claimed.id,
            worker: request.worker,
            // Not the request's own moment: a task that was queued while the claim waited begins when it was queued.
            claimed_at: claimed.started_at.unwrap_or(request.now),
            request: request.request,
            by: ReleasedBy::Server,
            now: request.now,
        };
        Some(release.into_write())
    }
}
