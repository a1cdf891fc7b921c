//! What the words of a JSON Schema mean for a form.

use serde_json::Value;

use super::Kind;

/// The length from which a text is not for one line.
const LONG: u64 = 5000;

/// Whether a schema says what no single kind of field can.
pub(super) fn is_odd(schema: &Value) -> bool {
    const ODD: [&str; 6] = ["oneOf", "anyOf", "allOf", "not", "if", "$ref"];
    ODD.iter().any(|word| schema.get(word).is_some())
}

/// Whether a text is the path of a script: its schema says so, or its name does.
pub(super) fn names_script(schema: &Value, key: &str) -> bool {
    key.ends_with("script_path") || schema["format"] == "script-path"
}

/// The type that a schema names, alone or beside null.
pub(super) fn the_type(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(name) => Some(name),
        Value::Array(names) => {
            let mut names = names
                .iter()
                .filter_map(Value::as_str)
                .filter(|name| *name != "null");
            names.next().filter(|_| names.next().is_none())
        }
        _ => None,
    }
}

/// Whether people want more than one line for it: its schema says so, or its name does.
pub(super) fn is_long(schema: &Value, key: &str) -> bool {
    const LONG_NAMES: [&str; 10] = [
        "prompt",
        "text",
        "body",
        "content",
        "instructions",
        "message",
        "description",
        "notes",
        "query",
        "code",
    ];
    let most = schema["maxLength"].as_u64();
    let named = LONG_NAMES
        .iter()
        .any(|name| key == *name || key.ends_with(&format!("_{name}")));
    let marked = schema.get("contentMediaType").is_some()
        || matches!(
            schema["format"].as_str(),
            Some("textarea" | "markdown" | "multiline")
        );
    marked || most.is_some_and(|most| most >= LONG) || (named && most.is_none_or(|most| most > 200))
}

/// What a choice comes to that is none: `allOf` of one, or `anyOf` of something and null.
pub(super) fn alone(schema: &Value) -> Option<(&'static str, Value)> {
    ["allOf", "anyOf", "oneOf"].into_iter().find_map(|word| {
        let parts = schema[word].as_array()?;
        let mut real = parts
            .iter()
            .filter(|part| word == "allOf" || part["type"] != "null");
        let only = real.next().filter(|_| real.next().is_none())?;
        Some((word, only.clone()))
    })
}

/// What `schema` says beside `word`, over what `base` says.
pub(super) fn merged(base: &Value, schema: &Value, word: &str) -> Value {
    let (Some(base), Some(own)) = (base.as_object(), schema.as_object()) else {
        return base.clone();
    };
    let mut whole = base.clone();
    whole.extend(
        own.iter()
            .filter(|(key, _)| *key != word)
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    whole.into()
}

/// The bounds of a field, in words.
pub(super) fn bounds(schema: &Value, kind: &Kind) -> String {
    let of = |word: &str| {
        schema
            .get(word)
            .filter(|value| value.is_number())
            .map(Value::to_string)
    };
    let mut words = Vec::new();
    match kind {
        Kind::Number => {
            if the_type(schema) == Some("integer") {
                words.push("a whole number".to_owned());
            }
            match (of("minimum"), of("maximum")) {
                (Some(least), Some(most)) => words.push(format!("from {least} to {most}")),
                (Some(least), None) => words.push(format!("at least {least}")),
                (None, Some(most)) => words.push(format!("at most {most}")),
                (None, None) => {}
            }
            words.extend(of("exclusiveMinimum").map(|least| format!("more than {least}")));
            words.extend(of("exclusiveMaximum").map(|most| format!("less than {most}")));
            words.extend(of("multipleOf").map(|step| format!("a multiple of {step}")));
        }
        Kind::Lines => words.extend(
            of("minItems")
                .filter(|least| least != "0")
                .map(|least| format!("at least {least}")),
        ),
        _ => {}
    }
    words.join(", ")
}
