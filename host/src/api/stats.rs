use axum::extract::State;
use serde::Deserialize;
use sparkq_core::wire::Stats;
use utoipa::IntoParams;

use super::App;
use super::docs::Unknown;
use super::json::{Answer, ok};
use super::request::Params;

/// Of which tasks, and since when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Only tasks of this stream: id or name.
    stream: Option<String>,
    /// Only tasks for this tool.
    tool: Option<String>,
    /// From when on: a moment, or how long ago, at most 366 days. None is a day.
    #[param(example = "7d")]
    since: Option<String>,
}

/// Tells what happened over time.
///
/// How wide a bucket is follows from the span: five minutes, an hour, six hours or a day.
#[utoipa::path(
    get, path = "/api/stats", tag = "queue",
    params(Asked),
    responses((status = 200, body = Stats), Unknown)
)]
pub(super) async fn stats(State(app): State<App>, Params(asked): Params<Asked>) -> Answer {
    let since = asked.since.as_deref();
    ok(app.queue.stats(asked.stream, asked.tool, since).await?)
}
