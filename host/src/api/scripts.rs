use axum::extract::State;
use serde::Deserialize;
use sparkq_core::Script;
use sparkq_core::wire::List;
use utoipa::IntoParams;

use super::App;
use super::json::{Answer, ok};
use super::request::Params;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Words to look for, in path, name, description and tags.
    #[param(example = "lines")]
    q: Option<String>,
}

/// Lists the scripts of the project, or those in which all words of `q` are found.
#[utoipa::path(
    get, path = "/api/scripts", tag = "tools", operation_id = "list_scripts",
    params(Asked),
    responses((status = 200, body = List<Script>))
)]
pub(super) async fn list(State(app): State<App>, Params(asked): Params<Asked>) -> Answer {
    ok(app.queue.scripts(asked.q.as_deref()).await?)
}
