use serde::{Deserialize, Serialize};

use super::{Document, object};
use crate::id::TaskId;

/// Asks for a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Enqueue {
    /// The tool.
    #[cfg_attr(feature = "openapi", schema(example = "run-bash"))]
    pub tool_name: String,
    /// What it is to work on: an object.
    pub payload: Document,
    /// The stream: id or name. May be left out in a batch that names one for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = true, example = "auth"))]
    pub stream_id: Option<String>,
    /// How long it may run, in seconds; none leaves it to the tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::Timeout>))]
    pub timeout: Option<u64>,
}

/// Asks for many tasks, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnqueueBatch {
    /// The tasks, in order.
    #[serde(deserialize_with = "object::many")]
    pub tasks: Vec<Enqueue>,
}

/// The tasks of a batch, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchQueued {
    /// Their ids.
    pub ids: Vec<TaskId>,
}
