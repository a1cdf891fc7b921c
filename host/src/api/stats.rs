use axum::extract::State;
use serde::Deserialize;

use super::App;
use super::json::{Answer, ok};
use super::request::Params;

/// Of which tasks, and since when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    stream: Option<String>,
    tool: Option<String>,
    since: Option<String>,
}

/// `GET /api/stats`
pub(super) async fn stats(State(app): State<App>, Params(asked): Params<Asked>) -> Answer {
    let since = asked.since.as_deref();
    ok(app.queue.stats(asked.stream, asked.tool, since).await?)
}
