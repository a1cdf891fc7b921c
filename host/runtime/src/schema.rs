//! Checks payloads against a tool's JSON Schema, natively: every failure at once, as the contract's issues.
//!
//! A schema is a plugin's, and runs outside the sandbox: it is bounded, refers to nothing outside itself, and its
//! patterns never backtrack.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value;
use sparkq_core::Issue;
use sparkq_core::json;
use sparkq_core::nearest::nearest;

use crate::limits::{ISSUES, SCHEMA};
use crate::text::sentence;
use crate::unfold::too_much;

/// How large a compiled pattern may be, in bytes.
pub(crate) const PATTERN: usize = 1 << 20;

/// One compiled schema.
pub struct Schema {
    text: Box<str>,
    source: Value,
    validator: Validator,
}

impl Schema {
    /// Compiles a schema, or says why it cannot be used.
    pub fn compile(text: &str) -> Result<Self, String> {
        if text.len() > SCHEMA {
            return Err(format!(
                "it has {} bytes, and at most {SCHEMA} are taken",
                text.len()
            ));
        }
        let source = json::parse(text).map_err(|error| error.to_string())?;
        too_much(&source).map_err(|why| sentence(&why))?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_pattern_options(PatternOptions::regex().size_limit(PATTERN))
            .build(&source)
            .map_err(|error| sentence(&error.to_string()))?;
        Ok(Self {
            text: text.into(),
            source,
            validator,
        })
    }

    /// What it was compiled from.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Every failure; empty when the document passes.
    #[must_use]
    pub fn check(&self, document: &Value) -> Vec<Issue> {
        if self.validator.is_valid(document) {
            return Vec::new();
        }
        let mut issues: Vec<Issue> = self
            .validator
            .iter_errors(document)
            .flat_map(|error| self.issues(&error))
            .collect();
        issues.truncate(ISSUES);
        issues
    }

    /// Whether the document passes.
    #[must_use]
    pub fn accepts(&self, document: &Value) -> bool {
        self.validator.is_valid(document)
    }

    fn issues(&self, error: &ValidationError<'_>) -> Vec<Issue> {
        let at = error.instance_path().as_str();
        match error.kind() {
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                vec![Issue::error(below(at, name), "required", "must be given")]
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                let known = self.siblings(error, "properties");
                unexpected
                    .iter()
                    .map(|name| unknown_field(at, name, &known))
                    .collect()
            }
            kind => {
                let (code, message, expected) = explain(kind, error.instance());
                let message = message.unwrap_or_else(|| error.masked_with("the value").to_string());
                vec![Issue {
                    expected: expected.as_deref().map(sentence),
                    ..Issue::error(at, code, sentence(&message))
                }]
            }
        }
    }

    /// The names under `keyword` beside the keyword that failed.
    fn siblings(&self, error: &ValidationError<'_>, keyword: &str) -> Vec<String> {
        let failed = error.schema_path().as_str();
        let object = failed.rsplit_once('/').map_or("", |(object, _)| object);
        let names = self
            .source
            .pointer(&format!("{object}/{keyword}"))
            .and_then(Value::as_object);
        names
            .map(|names| names.keys().cloned().collect())
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Schema").field(&self.text).finish()
    }
}

fn unknown_field(at: &str, name: &str, known: &[String]) -> Issue {
    let likeliest = nearest(name, known);
    let expected =
        (!likeliest.is_empty()).then(|| sentence(&format!("one of: {}", likeliest.join(", "))));
    Issue {
        expected,
        ..Issue::error(
            below(at, name),
            "unknown-field",
            "is no field of this tool's payload",
        )
    }
}

/// Code, message where the library's own will not do, and what was expected.
fn explain(kind: &Kind, found: &Value) -> (&'static str, Option<String>, Option<String>) {
    let is = json::kind(found);
    let bound = |word: &str, limit: &dyn std::fmt::Display| {
        (
            Some(format!("must be {word} {limit}")),
            Some(format!("{word} {limit}")),
        )
    };
    let (code, (message, expected)) = match kind {
        Kind::Type { kind } => {
            let wanted = types(kind);
            (
                "type",
                (Some(format!("must be {wanted}, and is {is}")), Some(wanted)),
            )
        }
        Kind::Enum { options } => {
            let options: Vec<String> = options
                .as_array()
                .into_iter()
                .flatten()
                .map(plain)
                .collect();
            let options = sentence(&format!("one of: {}", options.join(", ")));
            ("enum", (Some(format!("must be {options}")), Some(options)))
        }
        Kind::Constant { expected_value } => {
            let value = sentence(&plain(expected_value));
            ("enum", (Some(format!("must be {value}")), Some(value)))
        }
        Kind::Minimum { limit } => ("range", bound("at least", limit)),
        Kind::Maximum { limit } => ("range", bound("at most", limit)),
        Kind::ExclusiveMinimum { limit } => ("range", bound("more than", limit)),
        Kind::ExclusiveMaximum { limit } => ("range", bound("less than", limit)),
        Kind::MultipleOf { multiple_of } => ("range", bound("a multiple of", multiple_of)),
        Kind::MinLength { limit: 1 } => ("length", (Some("must not be empty".to_owned()), None)),
        Kind::MinLength { limit } => ("length", bound("at least this many characters:", limit)),
        Kind::MaxLength { limit } => ("length", bound("at most this many characters:", limit)),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => {
            ("length", bound("at least this many entries:", limit))
        }
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => {
            ("length", bound("at most this many entries:", limit))
        }
        Kind::AdditionalItems { limit } => ("length", bound("at most this many entries:", limit)),
        Kind::Pattern { pattern } => {
            let pattern = sentence(&format!("something that matches {pattern}"));
            (
                "pattern",
                (Some(format!("must be {pattern}")), Some(pattern)),
            )
        }
        Kind::Format { format } => (
            "format",
            (
                Some(format!("must be of the format `{format}`")),
                Some(format.clone()),
            ),
        ),
        Kind::UniqueItems => (
            "unique",
            (Some("must not hold the same entry twice".to_owned()), None),
        ),
        Kind::FalseSchema => (
            "unknown-field",
            (Some("must not be given".to_owned()), None),
        ),
        Kind::PropertyNames { error } => (
            "name",
            (
                Some(sentence(&format!("has a name that cannot be: {error}"))),
                None,
            ),
        ),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } => {
            ("alternatives", (None, None))
        }
        Kind::Not { .. } => ("not-allowed", (None, None)),
        Kind::Contains => ("contains", (None, None)),
        _ => ("schema", (None, None)),
    };
    (code, message, expected)
}

fn types(kind: &TypeKind) -> String {
    let article = |name: String| match name.as_str() {
        "null" => name,
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    };
    match kind {
        TypeKind::Single(kind) => article(kind.to_string()),
        TypeKind::Multiple(kinds) => kinds
            .iter()
            .map(|kind| article(kind.to_string()))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// A value as it is written in a sentence: strings without quotes.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The pointer to the property `name` of the object at `pointer`.
fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sparkq_core::json::DEEPEST;

    use super::*;

    fn found(schema: Value, document: Value) -> Vec<String> {
        let schema = Schema::compile(&schema.to_string()).expect("a schema");
        schema
            .check(&document)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn every_failure_is_told_at_its_own_pointer() {
        let schema = json!({
            "type": "object",
            "required": ["script_path"],
            "properties": {"script_path": {"type": "string"}, "args": {"type": "array", "items": {"type": "string"}}, "n": {"minimum": 3}},
            "additionalProperties": false,
        });
        assert_eq!(
            found(schema, json!({"args": [1, "a"], "scriptpath": "x", "n": 2})),
            [
                "/args/0: must be a string, and is a number [type]",
                "/n: must be at least 3 [range]",
                "/scriptpath: is no field of this tool's payload [unknown-field]",
                "/script_path: must be given [required]",
            ]
        );
    }

    #[test]
    fn an_unknown_field_names_the_likeliest_known_one_first() {
        let schema =
            json!({"properties": {"args": {}, "script_path": {}}, "additionalProperties": false});
        let schema = Schema::compile(&schema.to_string()).expect("a schema");
        let issues = schema.check(&json!({"a/b~": 1, "script": 1}));
        assert_eq!(issues[0].pointer, "/a~1b~0");
        assert_eq!(
            issues[1].expected.as_deref(),
            Some("one of: script_path, args")
        );
    }

    #[test]
    fn a_schema_and_a_document_as_deep_as_they_may_be_leave_room_on_the_stack() {
        let mut definitions = serde_json::Map::new();
        for number in 0..31 {
            let next = json!({"$ref": format!("#/$defs/d{}", number + 1)});
            definitions.insert(format!("d{number}"), json!({"allOf": [next]}));
        }
        definitions.insert("d31".to_owned(), json!({"items": {"$ref": "#/$defs/d0"}}));
        let schema = json!({"$defs": definitions, "$ref": "#/$defs/d0"});
        let schema = Schema::compile(&schema.to_string()).expect("a schema");
        let mut document = json!("the end");
        for _ in 0..DEEPEST {
            document = json!([document]);
        }
        assert_eq!(schema.check(&document), []);
    }

    #[test]
    fn a_schema_that_reaches_outside_or_backtracks_is_refused() {
        for schema in [
            json!({"$ref": "https://example.com/schema.json"}),
            json!({"properties": {"a": {"$ref": "file:///etc/passwd"}}}),
            json!({"pattern": "(a)\\1"}),
            json!({"type": "strin"}),
        ] {
            assert!(Schema::compile(&schema.to_string()).is_err(), "{schema}");
        }
    }
}
