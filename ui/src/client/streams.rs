//! Streams.

use sparkq_core::wire::{EditStream, List, NewStream, Stream, WatcherStopped};

use super::{Asked, delete, escaped, get, post, put};

/// Fetches all streams.
pub(crate) async fn all() -> Asked<List<Stream>> {
    get("/api/streams?limit=1000").await
}

/// Fetches one stream, by id or name.
pub(crate) async fn one(stream: String) -> Asked<Stream> {
    get(&address(&stream)).await
}

/// Makes a stream.
pub(crate) async fn create(new: NewStream) -> Asked<Stream> {
    post("/api/streams", &new).await
}

/// Changes, ends or reopens a stream.
pub(crate) async fn edit(stream: String, edit: EditStream) -> Asked<Stream> {
    put(&address(&stream), &edit).await
}

/// Stops the watcher that the server has of a stream.
pub(crate) async fn stop_watcher(stream: String) -> Asked<WatcherStopped> {
    delete(&format!("{}/watcher", address(&stream))).await
}

/// Where the playbook for workers of a stream is served, as Markdown.
pub(crate) fn playbook(stream: &str) -> String {
    format!("{}/playbook", address(stream))
}

fn address(stream: &str) -> String {
    format!("/api/streams/{}", escaped(stream))
}
