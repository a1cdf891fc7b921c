//! Tools as literals: what [`tools::Definition`](crate::tools::Definition) wants as text, from JSON values.

use serde_json::{Value, json};

use crate::tools::{Definition, Example, Hints};

/// One tool, to be turned into its [`Definition`] with `into()`.
///
/// White space around description and guide is cut, so that both may come from files. The host refuses more than 2048
/// bytes of either.
#[derive(Debug)]
pub struct Tool<'a> {
    /// A lower-case letter, then up to 62 lower-case letters, digits or `-`.
    pub name: &'a str,
    /// A few words for people.
    pub title: &'a str,
    /// What it is for, Markdown.
    pub description: &'a str,
    /// How a worker carries it out, step by step, Markdown.
    pub guide: &'a str,
    /// Its class: `FAST_SCRIPT`, `MEDIUM_SCRIPT`, `LLM_LITE`, `LLM_HEAVY`.
    pub task_class: &'a str,
    /// Its timeout; none takes the class's.
    pub timeout_seconds: Option<u32>,
    /// JSON Schema 2020-12 of its payload; [`object`] makes one.
    pub payload_schema: Value,
    /// What a new payload starts from; may hold blanks.
    pub template: Value,
    /// Payloads to copy, each with a title; at least one.
    pub examples: Vec<(&'a str, Value)>,
    /// What running it does to the world.
    pub hints: Hints,
}

impl From<Tool<'_>> for Definition {
    fn from(tool: Tool<'_>) -> Self {
        let example = |(title, payload): (&str, Value)| Example {
            title: title.to_owned(),
            payload: payload.to_string(),
        };
        Self {
            name: tool.name.to_owned(),
            title: tool.title.to_owned(),
            description: tool.description.trim().to_owned(),
            guide: tool.guide.trim().to_owned(),
            task_class: tool.task_class.to_owned(),
            timeout_seconds: tool.timeout_seconds,
            payload_schema: tool.payload_schema.to_string(),
            result_schema: None,
            template: tool.template.to_string(),
            examples: tool.examples.into_iter().map(example).collect(),
            hints: tool.hints,
            attrs: Vec::new(),
        }
    }
}

/// The schema of an object with these properties and no others.
#[must_use]
pub fn object(required: &[&str], properties: Value) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The schema of a path. That it stays in the project is for [`Issues::check_path`](crate::issues::Issues::check_path).
#[must_use]
pub fn path(title: &str, description: &str) -> Value {
    json!({
        "type": "string",
        "maxLength": 4096,
        "title": title,
        "description": description,
    })
}

/// The schema of a list of paths.
#[must_use]
pub fn paths(title: &str, description: &str) -> Value {
    json!({
        "type": "array",
        "items": {"type": "string", "maxLength": 4096},
        "maxItems": 1000,
        "title": title,
        "description": description,
    })
}
