use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sparkq_core::wire::{EditSession, NewSession};

use super::App;
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given, Params, page};

/// Which page of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    limit: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/sessions`
pub(super) async fn list(State(app): State<App>, Params(filter): Params<Filter>) -> Answer {
    let page = page(filter.limit.as_deref(), filter.cursor.as_deref())?;
    ok(app.queue.sessions(page).await?)
}

/// `GET /api/sessions/{id}`
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.session(id).await?)
}

/// `PUT /api/sessions/{id}`
pub(super) async fn edit(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    Body(edit): Body<EditSession>,
) -> Answer {
    ok(app.queue.edit_session(id, edit, actor).await?)
}

/// `POST /api/sessions`
pub(super) async fn create(
    State(app): State<App>,
    Actor(actor): Actor,
    Body(new): Body<NewSession>,
) -> Answer {
    Ok(with_status(
        StatusCode::CREATED,
        app.queue.create_session(new, actor).await?,
    ))
}
