use axum::extract::State;
use sparkq_core::wire::Cancel;

use super::App;
use super::json::{Answer, ok};
use super::request::{Actor, Given, OptionalBody};

/// `POST /api/tasks/{id}/cancel`
pub(super) async fn cancel(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    OptionalBody(cancel): OptionalBody<Cancel>,
) -> Answer {
    ok(app.queue.cancel(id, cancel, actor).await?)
}
