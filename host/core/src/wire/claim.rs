use serde::{Deserialize, Serialize};

use super::{Document, StreamBrief};
use crate::id::TaskId;
use crate::status::Status;
use crate::time::Time;
use crate::timeout::{TaskClass, Timeout};

/// A task as `claim` and `peek` hand it out: everything a worker needs to start, and nothing else to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claimed {
    /// Its id, which `complete` and `fail` take.
    pub id: TaskId,
    /// Its stream, with the instructions.
    pub stream: StreamBrief,
    /// How to carry its tool out, in the plugin's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guide: String,
    /// The tool.
    pub tool_name: String,
    /// Its class.
    pub task_class: TaskClass,
    /// What to work on.
    pub payload: Document,
    /// `running` after a claim, `queued` after a peek.
    pub status: Status,
    /// How long it may run, in seconds.
    pub timeout: Timeout,
    /// 1 after a claim, 0 after a peek.
    pub attempts: u32,
    /// Who claimed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// The task it is a clone of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requeued_from: Option<TaskId>,
    /// When it was enqueued.
    pub created_at: Time,
    /// When it was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
}

/// The answer of `DELETE /api/streams/{id}/claim`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Released {
    /// Whether its task is queued again; it is not where no claim was made with the key, or the task is over or another's
    /// by now.
    pub released: bool,
}
