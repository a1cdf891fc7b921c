//! What can be asked of the store, one struct an act. Time comes in as `now`, from the edge.

use sparkq_core::wire::{Document, Task};
use sparkq_core::{Name, PluginRecord, Script, TaskClass, Time, Timeout, Worker};

/// Sets the project's row.
#[derive(Debug, Clone)]
pub struct SaveProject {
    /// What the project is called.
    pub name: String,
    /// Where its repository lies.
    pub repo_path: String,
    /// Where its requirements lie; may be empty.
    pub prd_path: String,
    /// The moment.
    pub now: Time,
}

/// Makes a session.
#[derive(Debug, Clone)]
pub struct CreateSession {
    /// Its name.
    pub name: Name,
    /// What it is about.
    pub description: String,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Makes a stream.
#[derive(Debug, Clone)]
pub struct CreateStream {
    /// Its session: id or name.
    pub session: String,
    /// Its name.
    pub name: Name,
    /// Its instructions.
    pub instructions: String,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Puts one task, checked by its plugin, into a stream.
#[derive(Debug, Clone)]
pub struct EnqueueTask {
    /// The stream: id or name.
    pub stream: String,
    /// The tool.
    pub tool: String,
    /// The plugin that checked it, as [`PluginRecord::stamp`] spells it.
    pub plugin: String,
    /// Its class.
    pub class: TaskClass,
    /// How long it may run.
    pub timeout: Timeout,
    /// The normalised payload.
    pub payload: Document,
    /// One line that says what it is about.
    pub label: String,
    /// Two live tasks of one stream with the same key are one task.
    pub dedupe_key: Option<String>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Puts many tasks into streams, all or none. A refusal names the line, from 1.
#[derive(Debug, Clone)]
pub struct EnqueueTasks {
    /// The tasks, in order.
    pub tasks: Vec<EnqueueTask>,
}

/// What an enqueue came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The task.
    pub task: Task,
    /// It was there already: a live task with the same dedupe key.
    pub existed: bool,
}

/// Hands the oldest queued task of a stream to a worker.
#[derive(Debug, Clone)]
pub struct ClaimTask {
    /// The stream: id or name.
    pub stream: String,
    /// Who will do it.
    pub worker: Worker,
    /// The moment.
    pub now: Time,
}

/// Ends a running task.
#[derive(Debug, Clone)]
pub struct FinishTask {
    /// The task: id, or enough of one.
    pub task: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What it printed.
    pub stdout: Option<String>,
    /// What it printed on its error stream.
    pub stderr: Option<String>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// How a worker ends a task.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// With this result.
    Completed(Document),
    /// With this error.
    Failed(String),
}

/// Replaces the catalogue of plugins and tools.
#[derive(Debug, Clone)]
pub struct SavePlugins {
    /// All plugins.
    pub plugins: Vec<PluginRecord>,
}

/// Replaces the script index.
#[derive(Debug, Clone)]
pub struct SaveScripts {
    /// All scripts.
    pub scripts: Vec<Script>,
}
