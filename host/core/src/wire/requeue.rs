use serde::{Deserialize, Serialize};

use super::{Document, Filter, object};
use crate::id::TaskId;

/// Asks for a clone of a finished task.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Requeue {
    /// The stream for the clone: id or name. None leaves it in the original's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<String>,
    /// Another payload; none takes the original's. It is checked again either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Document>,
    /// Also when the task has succeeded.
    #[serde(default)]
    pub force: bool,
}

/// Asks for clones of every failed task that a filter means. One that was requeued is not meant; its newest clone is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkRequeue {
    /// Which tasks; at most 1000 are taken at once, the oldest first.
    #[serde(default, deserialize_with = "object::one")]
    pub filter: Filter,
    /// Only count them.
    #[serde(default)]
    pub dry_run: bool,
    /// The count that a dry run answered; the real call must name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub count: Option<u64>,
    /// The stream for the clones: id or name. None leaves each in its original's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<String>,
}

/// What came of a bulk requeue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requeued {
    /// How many tasks were requeued, or would be.
    pub count: u64,
    /// The clones, in the order of their originals.
    #[serde(default)]
    pub ids: Vec<TaskId>,
    /// The tasks that could not be requeued, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// One task of many that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refused {
    /// The task.
    pub id: TaskId,
    /// What is wrong, as a lower-case fragment.
    pub error: String,
    /// For programs.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::Code))]
    pub code: String,
}
