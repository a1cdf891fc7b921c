//! Answers: JSON, with the last event they include.

use std::any::Any;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use serde::Serialize;
use sparkq_core::{Code, Refusal};
use sparkq_store::{Done, Queued};

use super::App;
use crate::queue::Error;

/// The header that names the last event an answer includes: a page fetches, then follows from there.
const SEQ: &str = "sparkq-seq";

const JSON: &str = "application/json";

/// A handler's answer.
pub(super) type Answer = Result<Response<Body>, Failure>;

/// An error on its way out.
#[derive(Debug)]
pub(super) struct Failure(Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response<Body> {
        let code = self.0.code();
        if code.http_status() >= 500 {
            tracing::error!(error = %self.0, "a request could not be answered");
        }
        let status =
            StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        body(status, &self.0.to_body())
    }
}

/// Answers 200 with `done`.
#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
pub(super) fn ok<T: Serialize>(done: Done<T>) -> Answer {
    Ok(with_status(StatusCode::OK, done))
}

/// Answers `status` with `done`.
pub(super) fn with_status<T: Serialize>(status: StatusCode, done: Done<T>) -> Response<Body> {
    with_seq(body(status, &done.value), done.seq)
}

/// Answers with a task that was queued: 201, and 200 where it was there already.
pub(super) fn queued(done: Done<Queued>) -> Response<Body> {
    let status = if done.value.existed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let task = Done {
        value: done.value.task,
        seq: done.seq,
    };
    with_status(status, task)
}

/// Answers 204: nothing there.
pub(super) fn nothing(seq: i64) -> Response<Body> {
    with_seq(StatusCode::NO_CONTENT.into_response(), seq)
}

/// Names the newest event in every answer of JSON that does not name one itself, as errors do not.
pub(super) async fn with_newest_seq(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let response = next.run(request).await;
    let included = response.headers().get(SEQ);
    let included = included.and_then(|seq| seq.to_str().ok()?.parse().ok());
    if let Some(seq) = included {
        app.newest.fetch_max(seq, Ordering::Relaxed);
        return response;
    }
    // Who is not let in learns nothing, and that is what is said.
    let outside = matches!(
        response.status(),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    );
    let newest = || app.newest.load(Ordering::Relaxed);
    match response.headers().get(header::CONTENT_TYPE) {
        Some(kind) if kind == JSON => with_seq(response, if outside { 0 } else { newest() }),
        _ => response,
    }
}

fn with_seq(mut response: Response<Body>, seq: i64) -> Response<Body> {
    response.headers_mut().insert(SEQ, HeaderValue::from(seq));
    response
}

fn body<T: Serialize>(status: StatusCode, value: &T) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, JSON)], bytes).into_response(),
        Err(error) => Failure(Error::Internal(format!(
            "an answer cannot be written: {error}"
        )))
        .into_response(),
    }
}

/// Answers 405.
pub(super) async fn method_not_allowed(method: axum::http::Method) -> Failure {
    Refusal::Http {
        code: Code::MethodNotAllowed,
        message: format!("this address does not answer {method}"),
    }
    .into()
}

/// Answers 500 where a handler panicked.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Failure(Error::Internal(
        "the server made a mistake and has noted it".to_owned(),
    ))
    .into_response()
}
