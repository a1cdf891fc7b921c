use axum::extract::State;
use serde::Deserialize;
use sparkq_core::Script;
use sparkq_core::wire::{List, Plugin};
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

/// Lists the plugins that are loaded.
#[utoipa::path(
    get, path = "/api/plugins", tag = "plugins", operation_id = "list_plugins",
    responses((status = 200, body = List<Plugin>))
)]
pub(super) async fn plugins(State(app): State<App>) -> Answer {
    ok(app.queue.plugins().await?)
}
