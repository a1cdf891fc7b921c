//! Tasks.

use sparkq_core::wire::{
    BulkPurge, BulkRequeue, Cancel, Check, Checked, Document, Filter, List, Purged, Requeue,
    Requeued, Task, TaskDetail,
};

use super::{Asked, escaped, get, post};
use crate::route;

/// The newest tasks that the board holds.
pub(crate) const NEWEST: usize = 200;

/// Fetches the newest tasks, newest first.
pub(crate) async fn newest() -> Asked<List<Task>> {
    get(&format!("/api/tasks?limit={NEWEST}")).await
}

/// Fetches at most `limit` of the tasks that `filter` means, newest first; `cursor` is where the page before ended.
pub(crate) async fn list(filter: &Filter, limit: usize, cursor: Option<&str>) -> Asked<List<Task>> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let stale = filter.stale.map(|stale| stale.to_string());
    let query = [
        ("limit", limit.to_string()),
        ("status", text(&filter.status)),
        ("stream", text(&filter.stream)),
        ("tool", text(&filter.tool)),
        ("stale", text(&stale)),
        ("q", text(&filter.q)),
        ("cursor", cursor.unwrap_or_default().to_owned()),
    ];
    let query = query
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    get(&route::with_query("/api/tasks", &query)).await
}

/// Fetches one task with everything about it. The beginning of its id will do.
pub(crate) async fn detail(id: &str) -> Asked<TaskDetail> {
    get(&format!("/api/tasks/{}", escaped(id))).await
}

/// Queues a clone of a task, and returns the clone.
pub(crate) async fn requeue(id: &str, how: &Requeue) -> Asked<Task> {
    post(&format!("/api/tasks/{id}/requeue"), how).await
}

/// Takes a queued task out of the queue. Whoever gives no reason has at least said so here.
pub(crate) async fn cancel(id: &str, reason: Option<String>) -> Asked<Task> {
    let reason = reason.or_else(|| Some("on the web page".to_owned()));
    post(&format!("/api/tasks/{id}/cancel"), &Cancel { reason }).await
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
