//! Tools.

use sparkq_core::wire::{List, Tool};

use super::{Asked, get};

/// Fetches the tools that tasks can be done with.
pub(crate) async fn list() -> Asked<List<Tool>> {
    get("/api/tools?limit=1000").await
}
