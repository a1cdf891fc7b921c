use serde::{Deserialize, Serialize};

use super::Counts;

/// The answer of `GET /api/health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The version of the program.
    pub version: String,
}

/// The answer of `GET /api/status`: the whole queue in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The project's name.
    pub project: String,
    /// The version of the program.
    pub version: String,
    /// Tasks by status.
    pub tasks: Counts,
    /// How many running tasks are past their timeout.
    pub stale: u64,
    /// How many sessions are active.
    pub active_sessions: u64,
    /// How many streams are active.
    pub active_streams: u64,
    /// The newest event.
    pub last_seq: i64,
    /// What the project names and is not there, or is not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}
