use serde::{Deserialize, Deserializer, Serialize};

use super::{Document, Event, StreamBrief, object};
use crate::id::{StreamId, TaskId};
use crate::name::Name;
use crate::status::Status;
use crate::time::Time;
use crate::timeout::{Age, TaskClass, Timeout};

/// One task, flat, as every list and every answer carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// Its place in the order of insertion, which is the order within its stream.
    pub seq: i64,
    /// Its id.
    pub id: TaskId,
    /// The stream it belongs to.
    pub stream_id: StreamId,
    /// That stream's name.
    pub stream_name: Name,
    /// The tool it is to be done with.
    pub tool_name: String,
    /// The plugin that checked it: name, version and the first 12 hex digits of its digest, as `scripts@0.1.0#0a1b2c3d4e5f`.
    pub plugin: String,
    /// Its class.
    pub task_class: TaskClass,
    /// What the tool is to work on, as the plugin normalised it.
    pub payload: Document,
    /// One line that says what it is about.
    pub label: String,
    /// Two live tasks of one stream with the same key are one task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedupe_key: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Running for longer than its timeout, at the moment of the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// How long it may run, in seconds.
    pub timeout: Timeout,
    /// 0, or 1 once it was claimed.
    pub attempts: u32,
    /// Who has, or had, it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// What came of it, with a `summary`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Document>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The task it is a clone of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requeued_from: Option<TaskId>,
    /// When it was enqueued.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Time>,
}

impl Task {
    /// The task with `stale` as it is at `now`.
    #[must_use]
    pub fn seen_at(mut self, now: Time) -> Self {
        let age = self
            .started_at
            .map(|started| Age::of(started, self.timeout, now));
        self.stale =
            self.status == Status::Running && matches!(age, Some(Age::Stale | Age::Overdue));
        self
    }

    /// How long it ran, or has been running at `now`, in milliseconds.
    #[must_use]
    pub fn ran_for(&self, now: Time) -> Option<i64> {
        Some(self.finished_at.unwrap_or(now).since(self.started_at?))
    }

    /// The summary of its result.
    #[must_use]
    pub fn summary(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Told {
            summary: String,
        }
        let told = serde_json::from_str::<Told>(self.result.as_ref()?.as_str());
        told.ok().map(|told| told.summary)
    }
}

/// One task with everything there is about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskDetail {
    /// The task's own fields.
    #[serde(flatten)]
    pub task: Task,
    /// What it printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// What it printed on its error stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
    /// Its stream.
    pub stream: StreamBrief,
    /// How long it waited and ran.
    pub timing: Timing,
    /// Where it came from and what happened to it.
    pub history: History,
}

/// What a detail has besides the task's own fields.
#[derive(Deserialize)]
struct Around {
    #[serde(default)]
    stdout: Option<String>,
    #[serde(default)]
    stderr: Option<String>,
    stream: StreamBrief,
    timing: Timing,
    history: History,
}

impl<'de> Deserialize<'de> for TaskDetail {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let (task, around) = object::flat::<_, _, Around>(reader)?;
        Ok(Self {
            task,
            stdout: around.stdout,
            stderr: around.stderr,
            stream: around.stream,
            timing: around.timing,
            history: around.history,
        })
    }
}

/// How long a task waited and ran, up to now where it still does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timing {
    /// From enqueued to claimed, in milliseconds.
    pub waited_ms: i64,
    /// From claimed to finished, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran_ms: Option<i64>,
}

impl Timing {
    /// The timing of `task` at `now`.
    #[must_use]
    pub fn of(task: &Task, now: Time) -> Self {
        let left_queue = task.started_at.or(task.finished_at).unwrap_or(now);
        Self {
            waited_ms: left_queue.since(task.created_at),
            ran_ms: task.ran_for(now),
        }
    }
}

/// Where a task came from and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The tasks it is a clone of, nearest first.
    pub requeued_from: Vec<TaskId>,
    /// Its clones, nearest first.
    pub requeued_as: Vec<TaskId>,
    /// Where those of both stand that are still there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kin: Vec<Kin>,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
}

/// A task of the same chain of requeues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kin {
    /// Its id.
    pub id: TaskId,
    /// Where it stands.
    pub status: Status,
}
