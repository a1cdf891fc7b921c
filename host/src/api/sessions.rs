use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sparkq_core::wire::{EditSession, List, NewSession, Session};
use utoipa::IntoParams;

use super::App;
use super::docs::{Conflict, OfSession, Unknown};
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given, Key, Params, page};

/// Which page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// The most rows of a page.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// Where the page before ended: its `next_cursor`.
    #[param(pattern = "^[0-9]{1,18}$")]
    cursor: Option<String>,
}

/// Lists sessions, newest first.
#[utoipa::path(
    get, path = "/api/sessions", tag = "sessions", operation_id = "list_sessions",
    params(Filter),
    responses((status = 200, body = List<Session>))
)]
pub(super) async fn list(State(app): State<App>, Params(filter): Params<Filter>) -> Answer {
    let page = page(filter.limit.as_deref(), filter.cursor.as_deref())?;
    ok(app.queue.sessions(page).await?)
}

/// Shows a session.
#[utoipa::path(
    get, path = "/api/sessions/{id}", tag = "sessions", operation_id = "show_session",
    params(OfSession),
    responses((status = 200, body = Session), Unknown)
)]
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.session(id).await?)
}

/// Changes, ends or reopens a session.
///
/// An ended session takes and hands out nothing, nor do its streams; their running tasks can still be completed.
#[utoipa::path(
    put, path = "/api/sessions/{id}", tag = "sessions", operation_id = "edit_session",
    params(OfSession, Actor, Key), request_body = EditSession,
    responses((status = 200, body = Session), Unknown, Conflict)
)]
pub(super) async fn edit(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    Body(edit): Body<EditSession>,
) -> Answer {
    let request = key.of("edit_session", &(&id, &edit));
    ok(app.queue.edit_session(id, edit, actor, request).await?)
}

/// Makes a session.
#[utoipa::path(
    post, path = "/api/sessions", tag = "sessions", operation_id = "create_session",
    params(Actor, Key), request_body = NewSession,
    responses((status = 201, body = Session), Conflict)
)]
pub(super) async fn create(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    Body(new): Body<NewSession>,
) -> Answer {
    let request = key.of("create_session", &new);
    let done = app.queue.create_session(new, actor, request).await?;
    Ok(with_status(StatusCode::CREATED, done))
}
