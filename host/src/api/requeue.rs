use std::sync::Arc;

use axum::extract::State;
use sparkq_core::wire::{BulkRequeue, Requeue, Requeued, Task};

use super::App;
use super::docs::{Conflict, OfTask, Rejected, Unknown};
use super::json::{Answer, ok, queued};
use super::request::{Actor, Body, Given, Key, OptionalBody};
use crate::queue::Error;

/// Queues a clone of a finished task.
///
/// The clone has an id of its own and names the original, which stays as history. A task that has succeeded is cloned
/// with `force` only.
#[utoipa::path(
    post, path = "/api/tasks/{id}/requeue", tag = "tasks",
    params(OfTask, Actor, Key), request_body = Option<Requeue>,
    responses((status = 201, body = Task), (status = 200, body = Task, description = "A live task with the same dedupe key, and no new one."), Unknown, Conflict, Rejected)
)]
pub(super) async fn requeue(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    OptionalBody(requeue): OptionalBody<Requeue>,
) -> Answer {
    let request = key.of("requeue", &(&id, &requeue));
    let done = app.queue.requeue(id, requeue, actor, request).await?;
    Ok(queued(done))
}

/// Queues clones of all failed tasks that a filter means.
///
/// Ask with `dry_run` first: the real call names the count it answered. At most 1000 are taken at once, oldest first.
#[utoipa::path(
    post, path = "/api/tasks/requeue", tag = "tasks",
    params(Actor, Key), request_body = BulkRequeue,
    responses((status = 200, body = Requeued), Unknown, Conflict)
)]
pub(super) async fn requeue_all(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    Body(bulk): Body<BulkRequeue>,
) -> Answer {
    let request = key.of("requeue_all", &bulk);
    // It goes on to its end when the client has gone, so that what was agreed to is done.
    let queue = Arc::clone(&app.queue);
    let requeue = async move { queue.requeue_all(bulk, actor, request).await };
    ok(tokio::spawn(requeue)
        .await
        .map_err(|error| Error::panicked(&error))??)
}
