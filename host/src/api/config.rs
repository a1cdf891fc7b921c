use axum::extract::State;
use sparkq_core::wire::Configuration;
use sparkq_store::Done;

use super::App;
use super::json::{Answer, ok};

/// Shows the settings, where each came from, and what is wrong with them.
#[utoipa::path(
    get, path = "/api/config", tag = "queue", operation_id = "show_config",
    responses((status = 200, body = Configuration))
)]
pub(super) async fn show(State(app): State<App>) -> Answer {
    let seq = app.queue.last_seq().await?;
    let project = app.queue.project();
    // It looks which folders are there, which may take a while on some disks.
    let values = tokio::task::spawn_blocking(move || project.values()).await;
    let value = values.map_err(|error| crate::queue::Error::panicked(&error))?;
    ok(Done { value, seq })
}
