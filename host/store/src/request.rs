//! What can be asked of the store, one struct an act. Time comes in as `now`, from the edge.

use sparkq_core::wire::{Activity, Document, Purged, Task};
use sparkq_core::{
    Name, PluginRecord, Refusal, Script, StreamId, TaskClass, TaskId, Time, Timeout, Worker,
};

use crate::read::TaskFilter;

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

/// A request that is done once, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The key its sender gave it.
    pub id: String,
    /// What tells the request from another one with the same key.
    pub digest: String,
}

/// Makes a session.
#[derive(Debug, Clone)]
pub struct CreateSession {
    /// Its name.
    pub name: Name,
    /// What it is about.
    pub description: String,
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
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
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
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
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Puts many tasks into streams, all or none. A refusal names the line, from 1.
#[derive(Debug, Clone)]
pub struct EnqueueTasks {
    /// The tasks, in order; their own keys count for nothing.
    pub tasks: Vec<EnqueueTask>,
    /// The key of the whole request.
    pub request: Option<RequestKey>,
}

/// What an enqueue came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The task.
    pub task: Task,
    /// It was there already: a live task with the same dedupe key.
    pub existed: bool,
}

/// What a batch came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchQueued {
    /// The tasks, in the order of the batch.
    pub ids: Vec<TaskId>,
    /// The streams that have new tasks.
    pub streams: Vec<StreamId>,
}

/// Queues a clone of a finished task. A queued task of an ended stream can be moved this way into another one.
#[derive(Debug, Clone)]
pub struct RequeueTask {
    /// The task: id, or enough of one.
    pub task: String,
    /// Also when it has succeeded.
    pub force: bool,
    /// The clone, its payload checked again.
    pub clone: EnqueueTask,
}

/// Takes a queued task out of the queue.
#[derive(Debug, Clone)]
pub struct CancelTask {
    /// The task: id, or enough of one.
    pub task: String,
    /// Why; may be empty.
    pub reason: String,
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Undoes a claim whose answer nobody has read.
#[derive(Debug, Clone)]
pub struct ReleaseTask {
    /// The task.
    pub task: TaskId,
    /// Who was to have it.
    pub worker: Worker,
    /// When it was claimed; a later claim is another one's.
    pub claimed_at: Time,
    /// The key of the claim's request.
    pub request: Option<RequestKey>,
    /// Who undoes it.
    pub by: ReleasedBy,
    /// The moment.
    pub now: Time,
}

/// Who undoes a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleasedBy {
    /// Whoever could not hand over an answer. Another answer to the same request may have reached the worker, which
    /// then keeps the task; else the request may be done anew.
    Server,
    /// Whoever made the claim, and alone knows its key. However many answers there were, nobody works on the task, and
    /// what of the request still arrives is given nothing.
    Worker,
}

/// Fails the running tasks that are past twice their timeout.
#[derive(Debug, Clone)]
pub struct ExpireTasks {
    /// The most tasks.
    pub limit: u32,
    /// The moment.
    pub now: Time,
}

/// Removes finished tasks with their outputs and events.
#[derive(Debug, Clone)]
pub struct PurgeTasks {
    /// Which ones; unfinished tasks are never among them.
    pub filter: TaskFilter,
    /// Only tasks with a larger `seq`: where the part before ended.
    pub after: i64,
    /// The most tasks.
    pub limit: u32,
    /// The key of the request, and how many tasks all its parts may remove together; none for one without end.
    pub request: Option<(RequestKey, u64)>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// What one part of a purge came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgedPart {
    /// How many tasks it removed.
    pub tasks: u64,
    /// How many all parts with its key have removed.
    pub total: u64,
    /// Where the next part begins.
    pub after: i64,
}

/// How far a purge has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PurgeState {
    /// What it has removed.
    pub purged: Purged,
    /// Whether nothing of it is left to do.
    pub over: bool,
}

/// Removes what is left over from before a moment: ended streams and sessions without tasks.
#[derive(Debug, Clone)]
pub struct PurgeRest {
    /// Streams and sessions that were ended before this moment.
    pub ended_before: Time,
    /// The key of the request that its parts had; none for one that may be done again.
    pub request: Option<RequestKey>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Removes a part of what is kept for a while only: events of no task, and the keys of requests.
#[derive(Debug, Clone)]
pub struct ForgetOld {
    /// Events before this moment.
    pub events_before: Time,
    /// The most of each, because everybody else who writes waits for it.
    pub limit: u32,
    /// The moment.
    pub now: Time,
}

/// Notes by the key of a request how far it has come, where it is carried out in several steps.
#[derive(Debug, Clone)]
pub struct NoteRequest {
    /// The key.
    pub request: RequestKey,
    /// How far it has come, in the words of whoever carries it out.
    pub text: String,
    /// The moment.
    pub now: Time,
}

/// Changes a session; what is none stays.
#[derive(Debug, Clone)]
pub struct EditSession {
    /// The session: id or name.
    pub session: String,
    /// Its new name.
    pub name: Option<Name>,
    /// What it is about.
    pub description: Option<String>,
    /// To end or reopen it.
    pub status: Option<Activity>,
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Changes a stream; what is none stays.
#[derive(Debug, Clone)]
pub struct EditStream {
    /// The stream: id or name.
    pub stream: String,
    /// Its new name.
    pub name: Option<Name>,
    /// Its new instructions.
    pub instructions: Option<String>,
    /// To end or reopen it.
    pub status: Option<Activity>,
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// Brings the search up to date with a part of the event log.
#[derive(Debug, Clone)]
pub struct IndexTasks {
    /// The most events.
    pub limit: u32,
}

/// Hands the oldest queued task of a stream to a worker.
#[derive(Debug, Clone)]
pub struct ClaimTask {
    /// The stream: id or name.
    pub stream: String,
    /// Who will do it.
    pub worker: Worker,
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
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
    /// Why the tool's plugin has not looked at the result, though it should have; for the log.
    pub unchecked: Option<String>,
    /// What it printed.
    pub stdout: Option<String>,
    /// What it printed on its error stream.
    pub stderr: Option<String>,
    /// The key of the request; none for one that may be done again.
    pub request: Option<RequestKey>,
    /// Who asks.
    pub actor: Worker,
    /// The moment.
    pub now: Time,
}

/// What a finish came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The task has ended.
    Ended(Box<Task>),
    /// The task had been auto-failed. The answer was noted, and is refused.
    Late(Refusal),
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
    /// The moment.
    pub now: Time,
}

/// Keeps what plugins wrote into their logs.
#[derive(Debug, Clone)]
pub struct SavePluginLog {
    /// The lines, oldest first.
    pub lines: Vec<NewPluginLine>,
    /// The moment.
    pub now: Time,
}

/// A line of a plugin's log, to be kept.
#[derive(Debug, Clone)]
pub struct NewPluginLine {
    /// The plugin.
    pub plugin: String,
    /// How loud it is, as [`PluginLine`](sparkq_core::wire::PluginLine) spells it.
    pub level: String,
    /// The function of the contract that ran.
    pub function: String,
    /// The task that was looked at.
    pub task: Option<String>,
    /// What was written.
    pub message: String,
}

/// Counts a call of a plugin that failed.
#[derive(Debug, Clone)]
pub struct PluginFailed {
    /// The plugin.
    pub plugin: String,
    /// SHA-256 of its component.
    pub digest: String,
    /// Which promise was broken, in a word.
    pub kind: String,
    /// How, in a sentence.
    pub fault: String,
    /// The moment.
    pub now: Time,
}

/// Forgets how a plugin has failed.
#[derive(Debug, Clone)]
pub struct RestorePlugin {
    /// The plugin.
    pub plugin: String,
    /// Who asks; none when a call went well.
    pub actor: Option<Worker>,
    /// The moment.
    pub now: Time,
}

/// Replaces the script index.
#[derive(Debug, Clone)]
pub struct SaveScripts {
    /// All scripts.
    pub scripts: Vec<Script>,
}

/// Keeps what a reload has found, and tells of it.
#[derive(Debug, Clone)]
pub struct SaveReload {
    /// The project's row, with the moment.
    pub project: SaveProject,
    /// All scripts.
    pub scripts: SaveScripts,
    /// Who asks.
    pub actor: Worker,
}
