//! Tasks.

use sparkq_core::wire::{
    BulkPurge, BulkRequeue, Cancel, Check, Checked, Document, Filter, List, Purged, Requeue,
    Requeued, Task, TaskDetail,
};

use super::{Asked, escaped, get, post};

/// The newest tasks that the board holds.
pub(crate) const NEWEST: usize = 200;

/// Fetches the newest tasks, newest first.
pub(crate) async fn newest() -> Asked<List<Task>> {
    get(&format!("/api/tasks?limit={NEWEST}")).await
}

/// Fetches at most `limit` of the tasks that `filter` means, newest first; `cursor` is where the page before ended.
pub(crate) async fn list(filter: &Filter, limit: usize, cursor: Option<&str>) -> Asked<List<Task>> {
    let mut address = format!("/api/tasks?limit={limit}");
    let given = [
        ("status", filter.status.as_deref()),
        ("stream", filter.stream.as_deref()),
        ("tool", filter.tool.as_deref()),
        (
            "stale",
            filter
                .stale
                .map(|stale| if stale { "true" } else { "false" }),
        ),
        ("q", filter.q.as_deref()),
        ("cursor", cursor),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            address.push_str(&format!("&{name}={}", escaped(value)));
        }
    }
    get(&address).await
}

/// Fetches one task with everything about it. The beginning of its id will do.
pub(crate) async fn detail(id: &str) -> Asked<TaskDetail> {
    get(&format!("/api/tasks/{}", escaped(id))).await
}

/// Queues a clone of a finished task.
/// Queues a clone of a task, and returns the clone.
pub(crate) async fn requeue(id: &str, how: &Requeue) -> Asked<Task> {
    post(&format!("/api/tasks/{id}/requeue"), how).await
}

/// Takes a queued task out of the queue.
pub(crate) async fn cancel(id: &str, why: &Cancel) -> Asked<Task> {
    post(&format!("/api/tasks/{id}/cancel"), why).await
}

/// Queues clones of the failed tasks that a filter means, or counts them.
pub(crate) async fn requeue_many(bulk: &BulkRequeue) -> Asked<Requeued> {
    post("/api/tasks/requeue", bulk).await
}

/// Removes the finished tasks that a filter means, or counts them.
pub(crate) async fn purge_many(bulk: &BulkPurge) -> Asked<Purged> {
    post("/api/tasks/purge", bulk).await
}

/// Asks what a tool says of a payload. Nothing is written.
pub(crate) async fn check(tool: &str, payload: Document) -> Asked<Checked> {
    let timeout = None;
    let check = Check { payload, timeout };
    post(&format!("/api/tools/{}/check", escaped(tool)), &check).await
}
