use axum::extract::State;
use sparkq_core::wire::{Check, List};
use sparkq_store::Done;

use super::App;
use super::json::{Answer, ok};
use super::request::{Body, Given};

/// `GET /api/tools`
pub(super) async fn list(State(app): State<App>) -> Answer {
    let tools = app.queue.tools().await?;
    ok(Done {
        value: List {
            total: tools.len() as u64,
            items: tools,
            next_cursor: None,
        },
        seq: app.queue.last_seq().await?,
    })
}

/// `GET /api/tools/{name}`
pub(super) async fn show(State(app): State<App>, Given(name): Given) -> Answer {
    ok(Done {
        value: app.queue.tool(&name).await?,
        seq: app.queue.last_seq().await?,
    })
}

/// `POST /api/tools/{name}/check`
pub(super) async fn check(
    State(app): State<App>,
    Given(name): Given,
    Body(check): Body<Check>,
) -> Answer {
    ok(app.queue.check_payload(name, check).await?)
}
