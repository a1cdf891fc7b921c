//! The queue as a whole: its numbers and its events.

use sparkq_core::wire::Overview;

use super::{Asked, get};

/// Fetches the queue in a few numbers.
pub(crate) async fn overview() -> Asked<Overview> {
    get("/api/status").await
}

/// Where the events after `seq` are served.
pub(crate) fn events_after(seq: i64) -> String {
    format!("/api/events?after={seq}")
}
