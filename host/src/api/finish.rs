use axum::extract::State;
use sparkq_core::wire::{Complete, Fail};

use super::App;
use super::json::{Answer, ok};
use super::request::{Actor, Body, Given};

/// `POST /api/tasks/{id}/complete`
pub(super) async fn complete(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    Body(complete): Body<Complete>,
) -> Answer {
    ok(app.queue.complete(id, complete, actor).await?)
}

/// `POST /api/tasks/{id}/fail`
pub(super) async fn fail(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    Body(fail): Body<Fail>,
) -> Answer {
    ok(app.queue.fail(id, fail, actor).await?)
}
