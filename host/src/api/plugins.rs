use axum::extract::State;
use serde::Deserialize;
use sparkq_core::wire::{List, Plugin, PluginLine};
use utoipa::IntoParams;

use super::App;
use super::docs::{OfPlugin, Unknown};
use super::json::{Answer, ok};
use super::request::{Given, Params, page};

/// Lists the plugins of the project: those whose tools can be used, and those whose cannot with the reason.
#[utoipa::path(
    get, path = "/api/plugins", tag = "plugins", operation_id = "list_plugins",
    responses((status = 200, body = List<Plugin>))
)]
pub(super) async fn list(State(app): State<App>) -> Answer {
    ok(app.queue.plugins().await?)
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// How many lines at most.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// The `next_cursor` of the lines after these.
    cursor: Option<String>,
}

/// Shows what a plugin has logged and how it has failed: its newest lines, oldest first.
///
/// The last 1,000 lines of each plugin are kept. `next_cursor` leads to the lines before these.
#[utoipa::path(
    get, path = "/api/plugins/{name}/logs", tag = "plugins", operation_id = "plugin_logs",
    params(OfPlugin, Asked),
    responses((status = 200, body = List<PluginLine>), Unknown)
)]
pub(super) async fn logs(
    State(app): State<App>,
    Given(name): Given,
    Params(asked): Params<Asked>,
) -> Answer {
    let page = page(asked.limit.as_deref(), asked.cursor.as_deref())?;
    ok(app.queue.plugin_log(Some(name), page).await?)
}
