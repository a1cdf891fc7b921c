//! What happened over time.

use sparkq_core::wire::Stats;

use super::{Asked, get};
use crate::route;

/// Fetches what happened in the last `span`, as `24h`, of one stream, of one tool, or of all; an empty name is none.
pub(crate) async fn over(span: &str, stream: &str, tool: &str) -> Asked<Stats> {
    let query = [("since", span), ("stream", stream), ("tool", tool)];
    get(&route::with_query("/api/stats", &query)).await
}
