use axum::extract::State;
use axum::http::StatusCode;
use sparkq_core::wire::{BulkRequeue, Requeue};
use sparkq_store::Done;

use super::App;
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given, Key, OptionalBody};

/// `POST /api/tasks/{id}/requeue`
pub(super) async fn requeue(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    OptionalBody(requeue): OptionalBody<Requeue>,
) -> Answer {
    let request = key.of("requeue", &(&id, &requeue));
    let done = app.queue.requeue(id, requeue, actor, request).await?;
    let status = if done.value.existed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok(with_status(
        status,
        Done {
            value: done.value.task,
            seq: done.seq,
        },
    ))
}

/// `POST /api/tasks/requeue`
pub(super) async fn requeue_all(
    State(app): State<App>,
    Actor(actor): Actor,
    Body(bulk): Body<BulkRequeue>,
) -> Answer {
    ok(app.queue.requeue_all(bulk, actor).await?)
}
