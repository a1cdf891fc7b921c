use std::sync::Arc;

use axum::extract::State;
use sparkq_core::wire::{BulkPurge, Purged};

use super::App;
use super::docs::{Conflict, Unknown};
use super::json::{Answer, ok};
use super::request::{Actor, Body, Key};
use crate::queue::Error;

/// Removes finished tasks, with their outputs and events.
///
/// Ask with `dry_run` first: the real call names the count it answered, and is refused when another number of tasks is
/// meant by then. Queued and running tasks are never removed.
#[utoipa::path(
    post, path = "/api/tasks/purge", tag = "tasks",
    params(Actor, Key), request_body = BulkPurge,
    responses((status = 200, body = Purged), Unknown, Conflict)
)]
pub(super) async fn purge(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    Body(bulk): Body<BulkPurge>,
) -> Answer {
    let request = key.of("purge", &bulk);
    // It goes on to its end when the client has gone, so that what was agreed to is done.
    let queue = Arc::clone(&app.queue);
    let purge = async move { queue.purge(bulk, actor, request, Arc::new(|_| ())).await };
    ok(tokio::spawn(purge)
        .await
        .map_err(|error| Error::panicked(&error))??)
}
