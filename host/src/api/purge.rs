use std::sync::Arc;

use axum::extract::State;
use sparkq_core::wire::{BulkPurge, Purged};

use super::App;
use super::docs::{Conflict, Unknown};
use super::json::{Answer, ok};
use super::request::{Actor, Body};

/// Removes finished tasks, with their outputs and events.
///
/// Ask with `dry_run` first: the real call names the count it answered, and is refused when another number of tasks is
/// meant by then. Queued and running tasks are never removed.
#[utoipa::path(
    post, path = "/api/tasks/purge", tag = "tasks",
    params(Actor), request_body = BulkPurge,
    responses((status = 200, body = Purged), Unknown, Conflict)
)]
pub(super) async fn purge(
    State(app): State<App>,
    Actor(actor): Actor,
    Body(bulk): Body<BulkPurge>,
) -> Answer {
    ok(app.queue.purge(bulk, actor, Arc::new(|_| ())).await?)
}
