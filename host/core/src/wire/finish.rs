use serde::{Deserialize, Serialize};

use super::Document;

/// Hands in a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// An object with a `summary` that is not blank.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::result))]
    pub result: Document,
    /// What the work printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// What the work printed on its error stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
}

/// Gives up on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Fail {
    /// Why, for whoever reviews it.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = r"\S", max_length = 65_536, example = "exit code 2")
    )]
    pub error: String,
    /// What the work printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// What the work printed on its error stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
}
