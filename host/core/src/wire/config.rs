use serde::{Deserialize, Serialize};

/// The answer of `GET /api/config`: every value in force, and what to look after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Configuration {
    /// The project's `sparkq.toml`.
    pub file: String,
    /// Every key that has a value.
    pub items: Vec<Setting>,
    /// What the project names and is not there, or is not used.
    pub warnings: Vec<String>,
}

/// One value in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setting {
    /// Its key, with its tables in front: `server.port`.
    pub key: String,
    /// The value.
    pub value: serde_json::Value,
    /// The file it came from; `default` where nobody set it.
    pub source: String,
    /// The line in that file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// The answer of `POST /api/reload`: what is in force now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reloaded {
    /// What the project names and is not there, and what only a restart can change.
    pub warnings: Vec<String>,
    /// How many tools there are.
    pub tools: usize,
    /// How many scripts there are.
    pub scripts: usize,
}
