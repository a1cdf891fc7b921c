//! Schemas in words.

use serde_json::Value;

/// The type of a schema, in words.
pub(super) fn spell(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit_once('/'))
    {
        return format!("[{0}](#{1})", name.1, anchor(name.1));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choices: Vec<_> = choices.iter().map(spell).collect();
        return choices.join(" or ");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words
            .iter()
            .filter_map(Value::as_str)
            .map(|word| format!("`{word}`"))
            .collect();
        return words.join(", ");
    }
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["anything"],
    };
    let kinds: Vec<_> = kinds
        .into_iter()
        .map(|kind| match (kind, schema["format"].as_str()) {
            ("array", _) => format!("array of {}", spell(&schema["items"])),
            ("string", Some("date-time")) => "date-time".to_owned(),
            (kind, _) => kind.to_owned(),
        })
        .collect();
    format!("{}{}", kinds.join(" or "), bounds(schema))
}

/// What else holds for a value: its range, its length, its pattern.
fn bounds(schema: &Value) -> String {
    let mut bounds = vec![String::new()];
    match (&schema["minimum"], &schema["maximum"]) {
        (Value::Null, Value::Null) => {}
        (least, Value::Null) => bounds.push(format!("at least {least}")),
        (Value::Null, most) => bounds.push(format!("at most {most}")),
        (least, most) => bounds.push(format!("{least} to {most}")),
    }
    if let Some(longest) = schema["maxLength"].as_u64() {
        bounds.push(format!("at most {longest} long"));
    }
    match schema["pattern"].as_str() {
        Some(r"\S") => bounds.push("not blank".to_owned()),
        Some(pattern) => bounds.push(format!("`{pattern}`")),
        None => {}
    }
    bounds.join(", ")
}

/// The anchor that a heading has in Markdown.
pub(super) fn anchor(heading: &str) -> String {
    let letters = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    letters.collect()
}
