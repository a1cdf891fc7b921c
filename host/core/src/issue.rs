//! One finding about one place of a document: a payload, a result, a setting.

use serde::{Deserialize, Serialize};

/// How much an issue matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It must not be used as it is.
    #[default]
    Error,
    /// Usable, but a person should look.
    Warning,
    /// Advice only.
    Hint,
}

/// One finding, shown at its field in the web UI, printed as `POINTER: MESSAGE [CODE]` by the CLI
/// and sent in `fields` by the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// RFC 6901 JSON Pointer into the document; empty for the whole of it.
    #[serde(rename = "path")]
    pub pointer: String,
    /// Stable and machine-readable, in kebab-case: `required`, `type`, `not-found`.
    pub code: String,
    /// One sentence for a person, without the field's name in front.
    pub message: String,
    /// How much it matters.
    #[serde(default)]
    pub severity: Severity,
    /// What would have been accepted, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// A value that would be accepted at `pointer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<serde_json::Value>,
}

impl Issue {
    /// An error at `pointer`.
    pub fn error(
        pointer: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
            severity: Severity::Error,
            expected: None,
            suggestion: None,
        }
    }
}

impl std::fmt::Display for Issue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.pointer.is_empty() {
            "(whole document)"
        } else {
            &self.pointer
        };
        write!(f, "{place}: {} [{}]", self.message, self.code)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " (try {suggestion})")?;
        }
        Ok(())
    }
}
