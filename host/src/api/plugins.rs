use axum::extract::State;
use sparkq_core::wire::{List, Plugin};

use super::App;
use super::json::{Answer, ok};

/// Lists the plugins that are loaded.
#[utoipa::path(
    get, path = "/api/plugins", tag = "plugins", operation_id = "list_plugins",
    responses((status = 200, body = List<Plugin>))
)]
pub(super) async fn list(State(app): State<App>) -> Answer {
    ok(app.queue.plugins().await?)
}
