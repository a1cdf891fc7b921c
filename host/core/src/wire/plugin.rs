use serde::{Deserialize, Serialize};

/// One plugin that is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plugin {
    /// The name it is installed under.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// SHA-256 of the component, 64 lower-case hex digits.
    pub digest: String,
    /// Whether it came with SparkQ.
    pub built_in: bool,
    /// The tools that it checks, aliases included.
    pub tools: Vec<String>,
}
