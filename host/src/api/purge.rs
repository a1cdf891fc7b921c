use std::sync::Arc;

use axum::extract::State;
use sparkq_core::wire::{BulkPurge, Purged};

use super::App;
use super::docs::{Conflict, Unknown};
use super::json::{Answer, ok};
use super::request::{Actor, Body};
use crate::queue::Error;

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
    // It goes on to its end when the client has gone, so that what was agreed to is done.
    let queue = Arc::clone(&app.queue);
    let purge = async move { queue.purge(bulk, actor, Arc::new(|_| ())).await };
    ok(tokio::spawn(purge)
        .await
        .map_err(|error| Error::panicked(&error))??)
}
