use axum::extract::State;
use sparkq_core::wire::{Cancel, Task};

use super::App;
use super::docs::{Conflict, OfTask, Unknown};
use super::json::{Answer, ok};
use super::request::{Actor, Given, Key, OptionalBody};

/// Takes a queued task out of the queue.
///
/// It becomes `failed`, with `Cancelled: ` and the reason as its error.
#[utoipa::path(
    post, path = "/api/tasks/{id}/cancel", tag = "tasks",
    params(OfTask, Actor, Key), request_body = Option<Cancel>,
    responses((status = 200, body = Task), Unknown, Conflict)
)]
pub(super) async fn cancel(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    OptionalBody(cancel): OptionalBody<Cancel>,
) -> Answer {
    let request = key.of("cancel", &(&id, &cancel));
    ok(app.queue.cancel(id, cancel, actor, request).await?)
}
