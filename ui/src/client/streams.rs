//! Streams.

use sparkq_core::wire::{List, Stream};

use super::{Asked, get};

/// Fetches all streams.
pub(crate) async fn all() -> Asked<List<Stream>> {
    get("/api/streams?limit=1000").await
}
