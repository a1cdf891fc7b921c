use axum::extract::State;
use serde::Deserialize;

use super::App;
use super::json::{Answer, ok};
use super::request::Params;

/// What is looked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    q: Option<String>,
}

/// `GET /api/scripts`
pub(super) async fn list(State(app): State<App>, Params(asked): Params<Asked>) -> Answer {
    ok(app.queue.scripts(asked.q.as_deref()).await?)
}

/// `GET /api/plugins`
pub(super) async fn plugins(State(app): State<App>) -> Answer {
    ok(app.queue.plugins().await?)
}
