//! The queue as a whole: its numbers and its events.

use serde::Serialize;
use sparkq_core::Status;
use sparkq_core::wire::{List, Overview, Reloaded, Task};

use super::{Asked, Method, NoAnswer, ask, get, post};

/// Fetches the queue in a few numbers.
pub(crate) async fn overview() -> Asked<Overview> {
    get("/api/status").await
}

/// Where the events after `seq` are served.
pub(crate) fn events_after(seq: i64) -> String {
    format!("/api/events?after={seq}")
}

/// Fetches the newest tasks of one status, newest first.
pub(crate) async fn newest_of(status: Status, limit: usize) -> Asked<List<Task>> {
    get(&format!("/api/tasks?status={status}&limit={limit}")).await
}

/// A body without a field.
#[derive(Serialize)]
struct Nothing {}

/// Has configuration, plugins and script index read anew.
pub(crate) async fn reload() -> Asked<Reloaded> {
    post("/api/reload", &Nothing {}).await
}

/// Has all of that read anew, and asks for no more than whether it was.
pub(crate) async fn try_again() -> Result<(), NoAnswer> {
    let nothing = Some("{}".to_owned());
    let done = ask(Method::POST, "/api/reload".to_owned(), nothing).await;
    done.map(drop)
}
