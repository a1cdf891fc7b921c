use axum::extract::State;
use sparkq_core::wire::{Complete, Fail, Task};

use super::App;
use super::docs::{Conflict, OfTask, Rejected, Unknown};
use super::json::{Answer, ok};
use super::request::{Actor, Body, Given, Key};

/// Hands in the result of a running task.
///
/// The task becomes `succeeded`. Of an output larger than 8 MiB the first MiB and the last 7 MiB are kept.
#[utoipa::path(
    post, path = "/api/tasks/{id}/complete", tag = "tasks",
    params(OfTask, Actor, Key), request_body = Complete,
    responses((status = 200, body = Task), Unknown, Conflict, Rejected)
)]
pub(super) async fn complete(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    Body(complete): Body<Complete>,
) -> Answer {
    let request = key.of("complete", &(&id, &complete));
    ok(app.queue.complete(id, complete, actor, request).await?)
}

/// Gives up on a running task.
///
/// The task becomes `failed`.
#[utoipa::path(
    post, path = "/api/tasks/{id}/fail", tag = "tasks",
    params(OfTask, Actor, Key), request_body = Fail,
    responses((status = 200, body = Task), Unknown, Conflict)
)]
pub(super) async fn fail(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    Body(fail): Body<Fail>,
) -> Answer {
    let request = key.of("fail", &(&id, &fail));
    ok(app.queue.fail(id, fail, actor, request).await?)
}
