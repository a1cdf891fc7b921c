//! Tools, and what they are asked to do.

use sparkq_core::wire::{Check, Checked, Enqueue, List, Task, Tool};

use super::{Asked, NoAnswer, escaped, get, post, post_once};

/// Fetches all tools.
pub(crate) async fn all() -> Asked<List<Tool>> {
    get("/api/tools?limit=1000").await
}

/// Asks what an enqueue would come to. Nothing is written.
pub(crate) async fn check(tool: &str, check: &Check) -> Asked<Checked> {
    post(&format!("/api/tools/{}/check", escaped(tool)), check).await
}

/// Queues a task: one, however often it is sent with the same `key`. Tells whether it is a new one: where the tool's
/// plugin takes it for one that is in the queue already, that is the answer.
pub(crate) async fn enqueue(task: &Enqueue, key: String) -> Result<(Task, bool), NoAnswer> {
    post_once("/api/tasks", task, key).await
}

/// Fetches the task that another is to be like.
pub(crate) async fn like(task: &str) -> Asked<Task> {
    get(&format!("/api/tasks/{}", escaped(task))).await
}
