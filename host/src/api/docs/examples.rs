//! One request and its answer for each address, as a server gave it: a test sends them all and keeps the answers.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A request, and what was answered.
#[derive(Debug, Deserialize)]
pub(super) struct Example {
    /// The operation's id in the document.
    pub(super) operation: String,
    /// What stands in the address for its parameters.
    #[serde(default)]
    pub(super) path: Map<String, Value>,
    /// What stands behind the address.
    pub(super) query: Option<String>,
    /// The body.
    pub(super) body: Option<Value>,
    /// The body as NDJSON.
    pub(super) lines: Option<Vec<Value>>,
    /// Whether it only prepares for those after it, and is not shown.
    #[serde(default)]
    pub(super) quiet: bool,
    /// The status of the answer.
    #[serde(default)]
    pub(super) status: u16,
    /// The answer: JSON, or text in a string; none where it is too long to be shown.
    pub(super) answer: Option<Value>,
}

impl Example {
    /// The body's text and its media type.
    pub(super) fn content(&self) -> Option<(String, &'static str)> {
        if let Some(lines) = &self.lines {
            let lines = lines.iter().map(|line| format!("{line}\n"));
            return Some((lines.collect(), "application/x-ndjson"));
        }
        let body = self.body.as_ref()?;
        Some((body.to_string(), "application/json"))
    }
}

static EXAMPLES: LazyLock<Vec<Example>> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// The examples of an operation that are shown.
pub(super) fn of(operation: &str) -> impl Iterator<Item = &'static Example> {
    EXAMPLES
        .iter()
        .filter(move |example| example.operation == operation && !example.quiet)
}
