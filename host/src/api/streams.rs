use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sparkq_core::wire::{EditStream, NewStream};

use super::App;
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given, Params, page};

/// What narrows the list of streams, and which page of it is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    session: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/streams`
pub(super) async fn list(State(app): State<App>, Params(filter): Params<Filter>) -> Answer {
    let page = page(filter.limit.as_deref(), filter.cursor.as_deref())?;
    ok(app.queue.streams(filter.session, page).await?)
}

/// `GET /api/streams/{id}`
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.stream(id).await?)
}

/// `PUT /api/streams/{id}`
pub(super) async fn edit(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    Body(edit): Body<EditStream>,
) -> Answer {
    ok(app.queue.edit_stream(id, edit, actor).await?)
}

/// `POST /api/streams`
pub(super) async fn create(
    State(app): State<App>,
    Actor(actor): Actor,
    Body(new): Body<NewStream>,
) -> Answer {
    Ok(with_status(
        StatusCode::CREATED,
        app.queue.create_stream(new, actor).await?,
    ))
}
