use serde::{Deserialize, Serialize};

use super::{Counts, PluginFaults};
use crate::name::Name;
use crate::time::Time;

/// The answer of `GET /api/health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The version of the program.
    pub version: String,
}

/// The answer of `GET /api/status`: the whole queue in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// The server; null when none runs.
    #[serde(default)]
    pub server: Option<ServerInfo>,
    /// The watchers that live, by stream.
    #[serde(default)]
    pub watchers: Vec<WatcherInfo>,
    /// The plugins that failed too often in a row, and are left alone for a while.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quarantined: Vec<PluginFaults>,
    /// What a person should look into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A server that lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    /// Its process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Where it listens; none while it starts or ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A watcher that lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WatcherInfo {
    /// The name of the stream it watches.
    pub stream: Name,
    /// Its process.
    pub pid: u32,
    /// When it began.
    pub since: Time,
    /// Whether it lives inside the server, or is a process of its own.
    pub in_server: bool,
}

/// The answer of `DELETE /api/streams/{id}/watcher`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WatcherStopped {
    /// The name of the stream.
    pub stream: Name,
    /// Whether the server had a watcher of it; it has none now.
    pub stopped: bool,
}
