//! One entry of the script index.

use serde::{Deserialize, Serialize};

use crate::issue::Severity;
use crate::timeout::{TaskClass, Timeout};

/// One script of the project, as its header describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Script {
    /// Relative to the folder of `sparkq.toml`, with `/` between its parts.
    pub path: String,
    /// Its name; the file's own where the header is silent.
    pub name: String,
    /// What it does.
    pub description: String,
    /// What it is written in: `shell`, `python`, `typescript`.
    pub language: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// What it leaves behind.
    pub outputs: Vec<String>,
    /// What it takes.
    pub params: Vec<Param>,
    /// The class its header names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_class: Option<TaskClass>,
    /// The timeout its header names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Timeout>,
    /// What is wrong with its header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Whether the file may be executed.
    pub executable: bool,
    /// The file's size in bytes, when it was read.
    pub size: u64,
    /// When the file last changed, in nanoseconds since 1970, when it was read.
    pub modified_ns: i64,
}

/// One thing that a script takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Param {
    /// Its name.
    pub name: String,
    /// `string`, `integer`, `number`, `boolean`, `path` or `json`.
    pub kind: String,
    /// Whether the script needs it.
    pub required: bool,
    /// What the script takes when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
    /// What it is.
    pub description: String,
}

/// One thing that is wrong with a script's header, as its indexer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The line, from 1; 0 is the whole file.
    pub line: u32,
    /// Stable and machine-readable, in kebab-case: `range`, `enum`.
    pub code: String,
    /// One sentence for a person.
    pub message: String,
    /// How much it matters.
    #[serde(default)]
    pub severity: Severity,
}
