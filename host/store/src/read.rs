//! What can be read, from one consistent look at the queue.

use sparkq_core::wire::{
    Claimed, Event, History, List, Overview, PluginFaults, PluginLine, Purged, Session, Stats,
    Stream, StreamBrief, Task,
};
use sparkq_core::{Name, PluginRecord, Script, SessionId, Status, StreamId, TaskId, Time};

use crate::error::{Error, Fault};
use crate::request::{PurgeState, Queued, RequestKey};

/// The project's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// What it is called.
    pub name: String,
    /// Where its repository lies.
    pub repo_path: String,
    /// Where its requirements lie; may be empty.
    pub prd_path: String,
}

/// Which lines of the plugins' logs are wanted.
#[derive(Debug, Clone, Default)]
pub struct PluginLog {
    /// Lines of this plugin alone.
    pub plugin: Option<String>,
    /// Lines before this one.
    pub before: Option<i64>,
    /// How many at most, the newest.
    pub limit: u32,
}

/// Which tasks are meant; what is none does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Tasks of this status.
    pub status: Option<Status>,
    /// Tasks of this stream: id or name.
    pub stream: Option<String>,
    /// Tasks for this tool.
    pub tool: Option<String>,
    /// Tasks that are stale at this moment.
    pub stale_at: Option<Time>,
    /// Tasks that finished at or before this moment.
    pub finished_by: Option<Time>,
    /// Tasks in which all these words are found, as far as the search is up to date.
    pub text: Option<String>,
}

impl TaskFilter {
    /// Whether nothing but their age narrows them.
    #[must_use]
    pub fn is_by_age_alone(&self) -> bool {
        let unnarrowed = self.status.is_none() && self.stream.is_none() && self.tool.is_none();
        let others = self.stale_at.is_some() || self.text.is_some();
        self.finished_by.is_some() && unnarrowed && !others
    }

    /// Whether nothing but their stream and their status narrows them.
    #[must_use]
    pub fn is_by_stream_and_status_alone(&self) -> bool {
        let by_time = self.stale_at.is_some() || self.finished_by.is_some();
        self.tool.is_none() && self.text.is_none() && !by_time
    }

    /// Whether nothing but what is said in them narrows them.
    pub(crate) fn is_by_text_alone(&self) -> bool {
        let by_time = self.stale_at.is_some() || self.finished_by.is_some();
        let by_place = self.status.is_some() || self.stream.is_some() || self.tool.is_some();
        self.text.is_some() && !by_time && !by_place
    }
}

/// Which tasks a list is to hold.
#[derive(Debug, Clone, Default)]
pub struct TaskQuery {
    /// The tasks that are meant.
    pub filter: TaskFilter,
    /// Which page of them.
    pub page: Page,
}

/// What statistics are asked for.
#[derive(Debug, Clone)]
pub struct StatsQuery {
    /// Tasks of this stream: id or name.
    pub stream: Option<String>,
    /// Tasks for this tool.
    pub tool: Option<String>,
    /// From this moment on.
    pub since: Time,
    /// Up to this moment.
    pub now: Time,
    /// How long each bucket is, in milliseconds.
    pub width_ms: i64,
}

/// A part of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Where the page before ended: its `next_cursor`. None asks for the first page.
    pub cursor: Option<i64>,
    /// The most rows.
    pub limit: u32,
}

impl Page {
    /// The whole list as one page.
    pub const WHOLE: Self = Self {
        cursor: None,
        limit: u32::MAX,
    };
}

impl Default for Page {
    fn default() -> Self {
        Self::WHOLE
    }
}

/// One task with everything that is kept about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRecord {
    /// The task.
    pub task: Task,
    /// What it printed.
    pub stdout: Option<String>,
    /// What it printed on its error stream.
    pub stderr: Option<String>,
    /// Its stream.
    pub stream: StreamBrief,
    /// Where it came from and what happened to it.
    pub history: History,
}

/// What a watcher wants to know of its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// What it is called now.
    pub name: Name,
    /// Whether a task is queued.
    pub queued: bool,
}

/// A consistent look at the queue.
pub trait Read {
    /// The newest event there ever was; 0 before the first.
    fn last_seq(&self) -> Result<i64, Fault>;

    /// The project; none before `setup`.
    fn project(&self) -> Result<Option<Project>, Fault>;

    /// Sessions, newest first.
    fn sessions(&self, page: Page) -> Result<List<Session>, Fault>;

    /// The session with this id or name: the active one, else the one ended last.
    fn session(&self, given: &str) -> Result<Session, Error>;

    /// Streams, or those of one session, in the order they were made.
    fn streams(&self, session: Option<&str>, page: Page) -> Result<List<Stream>, Error>;

    /// The stream with this id or name: the active one, else the one ended last.
    fn stream(&self, given: &str) -> Result<Stream, Error>;

    /// Which stream that is, without counting its tasks.
    fn stream_id(&self, given: &str) -> Result<StreamId, Error>;

    /// The active streams of one session; none when it is ended or gone.
    fn active_streams(&self, session: &SessionId) -> Result<Vec<StreamId>, Fault>;

    /// What a watcher wants to know of a stream; none when it is ended or gone.
    fn lane(&self, stream: &StreamId) -> Result<Option<Lane>, Fault>;

    /// Names of the streams that have queued tasks, and how many, most first.
    fn streams_with_work(&self) -> Result<Vec<(String, u64)>, Fault>;

    /// The task that a claim would hand out.
    fn peek(&self, stream: &str) -> Result<Option<Claimed>, Error>;

    /// Tasks, newest first.
    fn tasks(&self, query: &TaskQuery) -> Result<List<Task>, Error>;

    /// What an earlier enqueue or requeue with this key came to; none for a new key.
    fn queued_by(&self, key: &RequestKey) -> Result<Option<Queued>, Error>;

    /// The tasks that an earlier request with this key came to; none for a new key.
    fn answered(&self, key: &RequestKey) -> Result<Option<Vec<TaskId>>, Error>;

    /// How far an earlier purge with this key has come; none for a new key.
    fn purged_by(&self, key: &RequestKey) -> Result<Option<PurgeState>, Error>;

    /// What was noted of an earlier request with this key; none for a new key.
    fn noted(&self, key: &RequestKey) -> Result<Option<String>, Error>;

    /// How many finished tasks a purge would remove.
    fn count_finished(&self, filter: &TaskFilter) -> Result<u64, Error>;

    /// The ended streams and sessions that a purge by age would leave empty and remove.
    fn count_leftovers(&self, ended_before: Time) -> Result<Purged, Fault>;

    /// The tasks that a requeue would clone, oldest first, at most `limit`: failed, and never requeued.
    fn requeueable(&self, filter: &TaskFilter, limit: u32) -> Result<Vec<TaskId>, Error>;

    /// Whether a running task is past twice its timeout.
    fn is_overdue(&self, now: Time) -> Result<bool, Fault>;

    /// What happened in each span of time, and in all of them.
    fn stats(&self, query: &StatsQuery) -> Result<Stats, Error>;

    /// How far the search is behind, in events.
    fn unsearched(&self) -> Result<i64, Fault>;

    /// The task with this id, or the start of one, if it runs.
    fn running(&self, given: &str) -> Result<Option<Task>, Error>;

    /// One task with everything about it.
    fn task(&self, given: &str) -> Result<TaskRecord, Error>;

    /// The number of the oldest event that is kept; none when none is.
    fn first_seq(&self) -> Result<Option<i64>, Fault>;

    /// The events after `after`, oldest first, at most `limit`, each with its task as it is now.
    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Fault>;

    /// The whole queue in a few numbers.
    fn overview(&self, now: Time) -> Result<Overview, Fault>;

    /// The catalogue of plugins and tools.
    fn plugins(&self) -> Result<Vec<PluginRecord>, Fault>;

    /// The plugins whose last call failed.
    fn plugin_faults(&self) -> Result<Vec<PluginFaults>, Fault>;

    /// The newest lines of the plugins' logs, oldest first; the cursor leads to the lines before them.
    fn plugin_log(&self, query: &PluginLog) -> Result<List<PluginLine>, Fault>;

    /// The script index, by path.
    fn scripts(&self) -> Result<Vec<Script>, Fault>;
}
