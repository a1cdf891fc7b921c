use axum::extract::State;
use sparkq_core::wire::{Health, Overview};
use sparkq_store::Done;

use super::App;
use super::json::{Answer, ok};

/// Says that the server answers, and its version.
#[utoipa::path(
    get, path = "/api/health", tag = "queue",
    responses((status = 200, body = Health))
)]
pub(super) async fn health(State(app): State<App>) -> Answer {
    let health = Health {
        status: "ok".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // A locked server answers this to anybody, so it tells them nothing.
    let seq = match app.token {
        Some(_) => 0,
        None => app.queue.last_seq().await?,
    };
    ok(Done { value: health, seq })
}

/// Shows the whole queue in a few numbers.
#[utoipa::path(
    get, path = "/api/status", tag = "queue",
    responses((status = 200, body = Overview))
)]
pub(super) async fn overview(State(app): State<App>) -> Answer {
    let mut done = app.queue.overview().await?;
    let living = app.watchers.living().await;
    done.value.server = living.server;
    done.value.watchers = living.watchers;
    ok(done)
}
