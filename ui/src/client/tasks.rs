//! Tasks.

use sparkq_core::wire::{List, Task};

use super::{Asked, get};

/// The newest tasks that the board holds.
pub(crate) const NEWEST: usize = 200;

/// Fetches the newest tasks, newest first.
pub(crate) async fn newest() -> Asked<List<Task>> {
    get(&format!("/api/tasks?limit={NEWEST}")).await
}
