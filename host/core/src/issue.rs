//! One finding about one place of a document: a payload, a result, a setting.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::Document;

/// How much an issue matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    #[cfg_attr(feature = "openapi", schema(value_type = Value))]
    pub suggestion: Option<Document>,
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

/// Puts the suggestions of `issues` into `document`, and tells at which places.
#[must_use]
pub fn apply_suggestions<'a>(document: &mut Value, issues: &'a [Issue]) -> Vec<&'a str> {
    let mut put = |issue: &'a Issue| {
        let suggestion = issue.suggestion.as_ref()?;
        *place(document, &issue.pointer)? = suggestion.value();
        Some(issue.pointer.as_str())
    };
    issues.iter().filter_map(&mut put).collect()
}

/// The place at `pointer`: one that is there, or a new field of an object that is.
fn place<'a>(document: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    if document.pointer(pointer).is_some() {
        return document.pointer_mut(pointer);
    }
    let (parent, field) = pointer.rsplit_once('/')?;
    let field = field.replace("~1", "/").replace("~0", "~");
    let object = document.pointer_mut(parent)?.as_object_mut()?;
    Some(object.entry(field).or_insert(Value::Null))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn suggestions_go_to_their_places_and_what_has_none_stays() {
        let mut document = json!({"path": "a", "args": ["x", "y"], "e~/": 1});
        let suggest = |pointer: &str, value: Value| Issue {
            suggestion: Some(value.into()),
            ..Issue::error(pointer, "x", "y")
        };
        let issues = [
            suggest("/path", json!("b")),
            suggest("/args/1", json!("z")),
            suggest("/e~0~1", json!(2)),
            suggest("/new", json!(true)),
            suggest("/args/7", json!("nowhere")),
            suggest("/not/there", json!("nowhere")),
            Issue::error("/args/0", "x", "y"),
        ];
        let fixed = apply_suggestions(&mut document, &issues);
        assert_eq!(fixed, ["/path", "/args/1", "/e~0~1", "/new"]);
        assert_eq!(
            document,
            json!({"path": "b", "args": ["x", "z"], "e~/": 2, "new": true})
        );
    }
}
