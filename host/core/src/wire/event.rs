use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Document, Task};
use crate::id::{SessionId, StreamId, TaskId};
use crate::time::Time;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal;)*) => {
        /// What kind of change an event tells of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind { $($(#[doc = $doc])* #[serde(rename = $text)] $name,)* }

        impl EventKind {
            /// Every kind, in the order the docs list them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What has happened, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }

            /// The kind as it stands in the log and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        impl FromStr for EventKind {
            type Err = NotAnEventKind;

            fn from_str(text: &str) -> Result<Self, NotAnEventKind> {
                match text { $($text => Ok(Self::$name),)* _ => Err(NotAnEventKind) }
            }
        }
    };
}

/// A word that is no kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of event")]
pub struct NotAnEventKind;

kinds! {
    /// A session was made.
    SessionCreated = "session.created";
    /// A session's name or description changed, or it was reopened.
    SessionUpdated = "session.updated";
    /// A session was ended.
    SessionEnded = "session.ended";
    /// A stream was made.
    StreamCreated = "stream.created";
    /// A stream's name or instructions changed, or it was reopened.
    StreamUpdated = "stream.updated";
    /// A stream was ended, by itself or with its session.
    StreamEnded = "stream.ended";
    /// A task was put into a stream.
    TaskEnqueued = "task.enqueued";
    /// A worker took a task.
    TaskClaimed = "task.claimed";
    /// A claim was undone, because its answer could not be handed over.
    TaskReleased = "task.released";
    /// A worker handed in a result.
    TaskCompleted = "task.completed";
    /// A worker gave up.
    TaskFailed = "task.failed";
    /// A task ran for more than twice its timeout, and was failed.
    TaskExpired = "task.expired";
    /// A queued task was taken out of the queue.
    TaskCancelled = "task.cancelled";
    /// A clone of a finished task was queued; the event belongs to the original, and its data names the clone.
    TaskRequeued = "task.requeued";
    /// Finished tasks of a stream were removed; one event for all of one write, and its data counts them.
    TaskPurged = "task.purged";
    /// A worker answered for a task that had been auto-failed.
    TaskLate = "task.late";
    /// A plugin that did not come with SparkQ was loaded for the first time, or in another version.
    PluginAdded = "plugin.added";
    /// A plugin is no longer loaded.
    PluginRemoved = "plugin.removed";
    /// A plugin failed too often in a row, and is left alone for a while.
    PluginQuarantined = "plugin.quarantined";
    /// A plugin that was left alone is called again.
    PluginRestored = "plugin.restored";
    /// Configuration, catalogue and script index were read anew.
    ConfigReloaded = "config.reloaded";
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One change, written in the transaction that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Its place in the log; never reused, and holes are normal.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// What kind of change.
    pub kind: EventKind,
    /// Who made it.
    pub actor: String,
    /// The session it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// The stream it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<StreamId>,
    /// The task it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// What else changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Document>,
    /// The kinds of the task's earlier events that this one stands for, oldest first: those of one write become
    /// the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<EventKind>,
    /// The task as it stood when the event was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Box<Task>>,
}
