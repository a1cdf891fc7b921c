use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse as _;

use super::App;
use super::docs::{OfStream, Unknown};
use super::json::Answer;
use super::request::Given;

/// Tells a worker how to work on a stream, in Markdown.
#[utoipa::path(
    get, path = "/api/streams/{id}/playbook", tag = "streams",
    params(OfStream),
    responses((status = 200, content_type = "text/markdown", body = String), Unknown)
)]
pub(super) async fn playbook(State(app): State<App>, Given(stream): Given) -> Answer {
    let done = app.queue.playbook(Some(stream)).await?;
    let seq = HeaderName::from_static("sparkq-seq");
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/markdown; charset=utf-8".to_owned(),
        ),
        (seq, done.seq.to_string()),
    ];
    Ok((headers, done.value).into_response())
}
