use serde::{Deserialize, Serialize};

use crate::issue::Issue;

/// How every error is answered: by the API, and by the CLI with `--json` on stderr.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// What is wrong, as a lower-case fragment.
    pub error: String,
    /// For programs.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::Code))]
    pub code: String,
    /// What helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Findings at single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Issue>,
    /// Whether what was asked was done: said by a command alone, with `--json`, where no server's answer has reached it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
}

/// What a command knows of a request that it got no answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Done {
    /// Nothing was done: the command can be given again.
    No,
    /// It may have been done: look before the command is given again.
    Maybe,
}
