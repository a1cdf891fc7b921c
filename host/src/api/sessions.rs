use axum::extract::State;
use axum::http::StatusCode;
use sparkq_core::wire::NewSession;

use super::App;
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given};

/// `GET /api/sessions`
pub(super) async fn list(State(app): State<App>) -> Answer {
    ok(app.queue.sessions().await?)
}

/// `GET /api/sessions/{id}`
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.session(id).await?)
}

/// `POST /api/sessions`
pub(super) async fn create(State(app): State<App>, Actor(actor): Actor, Body(new): Body<NewSession>) -> Answer {
    Ok(with_status(StatusCode::CREATED, app.queue.create_session(new, actor).await?))
}
