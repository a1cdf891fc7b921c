use std::sync::Arc;

use axum::extract::State;
use sparkq_core::wire::BulkPurge;

use super::App;
use super::json::{Answer, ok};
use super::request::{Actor, Body};

/// `POST /api/tasks/purge`
pub(super) async fn purge(
    State(app): State<App>,
    Actor(actor): Actor,
    Body(bulk): Body<BulkPurge>,
) -> Answer {
    ok(app.queue.purge(bulk, actor, Arc::new(|_| ())).await?)
}
