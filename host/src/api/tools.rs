use axum::extract::State;
use sparkq_core::wire::{Check, Checked, List, Tool};
use sparkq_store::Done;

use super::App;
use super::docs::{OfTool, Unknown};
use super::json::{Answer, ok};
use super::request::{Body, Given};

/// Lists the tools that tasks can be done with.
#[utoipa::path(
    get, path = "/api/tools", tag = "tools", operation_id = "list_tools",
    responses((status = 200, body = List<Tool>))
)]
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

/// Shows a tool: what it takes and how it is carried out.
#[utoipa::path(
    get, path = "/api/tools/{name}", tag = "tools", operation_id = "show_tool",
    params(OfTool),
    responses((status = 200, body = Tool), Unknown)
)]
pub(super) async fn show(State(app): State<App>, Given(name): Given) -> Answer {
    ok(Done {
        value: app.queue.tool(&name).await?,
        seq: app.queue.last_seq().await?,
    })
}

/// Says what an enqueue of a payload would come to, and writes nothing.
///
/// A payload that would be rejected is an answer like any other, with `ok` false.
#[utoipa::path(
    post, path = "/api/tools/{name}/check", tag = "tools", operation_id = "check_payload",
    params(OfTool), request_body = Check,
    responses((status = 200, body = Checked), Unknown)
)]
pub(super) async fn check(
    State(app): State<App>,
    Given(name): Given,
    Body(check): Body<Check>,
) -> Answer {
    ok(app.queue.check_payload(name, check).await?)
}
