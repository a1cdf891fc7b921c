use axum::extract::State;
use sparkq_core::wire::WatcherStopped;
use sparkq_store::Done;

use super::App;
use super::json::{Answer, ok};
use super::request::Given;

/// `DELETE /api/streams/{id}/watcher`: answers once the watcher has ended.
pub(super) async fn stop(State(app): State<App>, Given(id): Given) -> Answer {
    let Done { value: stream, seq } = app.queue.stream(id).await?;
    let stopped = app.watchers.stop(&stream.id).await;
    let value = WatcherStopped {
        stream: stream.name,
        stopped,
    };
    ok(Done { value, seq })
}
