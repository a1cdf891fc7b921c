use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sparkq_core::wire::{EditStream, List, NewStream, Stream};
use utoipa::IntoParams;

use super::App;
use super::docs::{Conflict, OfStream, Unknown};
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given, Key, Params, page};

/// What narrows the list of streams, and which page of it is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only streams of this session: id or name.
    session: Option<String>,
    /// The most rows of a page.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// Where the page before ended: its `next_cursor`.
    #[param(pattern = "^[0-9]{1,18}$")]
    cursor: Option<String>,
}

/// Lists streams, in the order they were made.
#[utoipa::path(
    get, path = "/api/streams", tag = "streams", operation_id = "list_streams",
    params(Filter),
    responses((status = 200, body = List<Stream>), Unknown)
)]
pub(super) async fn list(State(app): State<App>, Params(filter): Params<Filter>) -> Answer {
    let page = page(filter.limit.as_deref(), filter.cursor.as_deref())?;
    ok(app.queue.streams(filter.session, page).await?)
}

/// Shows a stream.
#[utoipa::path(
    get, path = "/api/streams/{id}", tag = "streams", operation_id = "show_stream",
    params(OfStream),
    responses((status = 200, body = Stream), Unknown)
)]
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.stream(id).await?)
}

/// Changes, ends or reopens a stream.
#[utoipa::path(
    put, path = "/api/streams/{id}", tag = "streams", operation_id = "edit_stream",
    params(OfStream, Actor, Key), request_body = EditStream,
    responses((status = 200, body = Stream), Unknown, Conflict)
)]
pub(super) async fn edit(
    State(app): State<App>,
    Given(id): Given,
    Actor(actor): Actor,
    key: Key,
    Body(edit): Body<EditStream>,
) -> Answer {
    let request = key.of("edit_stream", &(&id, &edit));
    ok(app.queue.edit_stream(id, edit, actor, request).await?)
}

/// Makes a stream.
#[utoipa::path(
    post, path = "/api/streams", tag = "streams", operation_id = "create_stream",
    params(Actor, Key), request_body = NewStream,
    responses((status = 201, body = Stream), Unknown, Conflict)
)]
pub(super) async fn create(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    Body(new): Body<NewStream>,
) -> Answer {
    let request = key.of("create_stream", &new);
    let done = app.queue.create_stream(new, actor, request).await?;
    Ok(with_status(StatusCode::CREATED, done))
}
