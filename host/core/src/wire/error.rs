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
}
