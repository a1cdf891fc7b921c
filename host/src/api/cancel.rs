use axum::extract::State;
use sparkq_core::wire::{Cancel, Task};

use super::App;
use super::docs::{Conflict, OfTask, Unknown};
use super::json::{Answer, ok};
use super::request::{Actor, Given, OptionalBody};

/// Takes a queued task out of the queue.
///
/// It becomes `failed`, with `Cancelled: ` and the reason as its error.
#[utoipa::path(
    post, path = "/api/tasks/{id}/cancel", tag = "tasks",
    params(OfTask, Actor), request_body = Option<Cancel>,
    responses((status = 200, body = Task), Unknown, Conflict)
)]
pub(super) async fn cancel(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    OptionalBody(cancel): OptionalBody<Cancel>,
) -> Answer {
    ok(app.queue.cancel(id, cancel, actor).await?)
}
