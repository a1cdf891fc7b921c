use serde::{Deserialize, Serialize};

use super::{Filter, object};

/// What a purge removed, or would remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Purged {
    /// Finished tasks, with their outputs and events.
    pub tasks: u64,
    /// Ended streams that had no tasks left.
    pub streams: u64,
    /// Ended sessions that had no streams left.
    pub sessions: u64,
}

/// Asks for the removal of finished tasks that a filter means; unfinished ones are never meant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkPurge {
    /// Which tasks. With an age alone, ended streams and sessions that are left empty go too.
    #[serde(default, deserialize_with = "object::one")]
    pub filter: Filter,
    /// Only count them.
    #[serde(default)]
    pub dry_run: bool,
    /// The count that a dry run answered; the real call must name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub count: Option<u64>,
}
