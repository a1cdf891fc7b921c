use serde::{Deserialize, Serialize};

use super::Document;
use crate::issue::Issue;
use crate::timeout::{TaskClass, Timeout};

/// What a check of a payload found. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
