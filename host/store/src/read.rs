//! What can be read, from one consistent look at the queue.

use sparkq_core::wire::{
    Claimed, Event, History, List, Overview, Session, Stream, StreamBrief, Task,
};
use sparkq_core::{PluginRecord, Script, Status, Time};

use crate::error::{Error, Fault};

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

/// Which tasks a list is to hold; what is none does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct TaskQuery {
    /// Tasks of this status.
    pub status: Option<Status>,
    /// Tasks of this stream: id or name.
    pub stream: Option<String>,
    /// Tasks for this tool.
    pub tool: Option<String>,
    /// Tasks that are stale at this moment.
    pub stale_at: Option<Time>,
    /// Which page of them.
    pub page: Page,
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

    /// Names of the streams that have queued tasks, and how many, most first.
    fn streams_with_work(&self) -> Result<Vec<(String, u64)>, Fault>;

    /// The task that a claim would hand out.
    fn peek(&self, stream: &str) -> Result<Option<Claimed>, Error>;

    /// Tasks, newest first.
    fn tasks(&self, query: &TaskQuery) -> Result<List<Task>, Error>;

    /// One task with everything about it.
    fn task(&self, given: &str) -> Result<TaskRecord, Error>;

    /// The events after `after`, oldest first, at most `limit`, each with its task as it is now.
    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Fault>;

    /// The whole queue in a few numbers.
    fn overview(&self, now: Time) -> Result<Overview, Fault>;

    /// The catalogue of plugins and tools.
    fn plugins(&self) -> Result<Vec<PluginRecord>, Fault>;

    /// The script index, by path.
    fn scripts(&self) -> Result<Vec<Script>, Fault>;
}
