use serde::{Deserialize, Serialize};

use super::Document;
use crate::issue::Issue;
use crate::timeout::{TaskClass, Timeout};

/// Asks what an enqueue of a payload would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The payload: an object.
    pub payload: Document,
    /// How long the task may run, in seconds; none leaves it to the tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::Timeout>))]
    pub timeout: Option<u64>,
}

/// What a check of a payload found. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checked {
    /// Whether an enqueue would take it.
    pub ok: bool,
    /// Every finding: errors when it would not, warnings and hints when it would.
    pub issues: Vec<Issue>,
    /// The payload as it would be kept; none when it would not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Document>,
    /// The line it would be listed by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The class the task would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_class: Option<TaskClass>,
    /// How long the task might run, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Timeout>,
}
