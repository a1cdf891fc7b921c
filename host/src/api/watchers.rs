use axum::extract::State;
use sparkq_core::wire::WatcherStopped;
use sparkq_store::Done;

use super::App;
use super::docs::{OfStream, Unknown};
use super::json::{Answer, ok};
use super::request::Given;

/// Stops the watcher that the server has of a stream, and answers once it has ended.
#[utoipa::path(
    delete, path = "/api/streams/{id}/watcher", tag = "streams", operation_id = "stop_watcher",
    params(OfStream),
    responses((status = 200, body = WatcherStopped), Unknown)
)]
pub(super) async fn stop(State(app): State<App>, Given(id): Given) -> Answer {
    let Done { value: stream, seq } = app.queue.stream(id).await?;
    let stopped = app.watchers.stop(&stream.id).await;
    let value = WatcherStopped {
        stream: stream.name,
        stopped,
    };
    ok(Done { value, seq })
}
