use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse as _;

use super::App;
use super::json::Answer;
use super::request::Given;

/// `GET /api/streams/{id}/playbook`
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
