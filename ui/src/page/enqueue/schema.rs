//! What form a JSON Schema makes: which fields, of which kind, with which words; plain data.
//!
//! Total: whatever a plugin calls a schema comes to fields, at worst to one that is typed as JSON.

mod words;

use std::cell::Cell;

use serde_json::Value;

use self::words::{alone, bounds, is_long, is_odd, merged, names_script, the_type};
use super::json::{Json, below};

/// How deep fields may lie in each other; what is deeper is typed as JSON.
const DEEPEST: usize = 3;

/// How many fields are drawn before those within others are typed as JSON.
const MOST: usize = 200;

/// How many references are followed for one field.
const REFERENCES: usize = 16;

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Where its value stands in the payload.
    pub(crate) pointer: String,
    /// Its key.
    pub(crate) key: String,
    /// What people call it.
    pub(crate) title: String,
    /// What it is, and within which bounds.
    pub(crate) help: String,
    /// Whether there is no task without it.
    pub(crate) required: bool,
    /// What holds when it is left out.
    pub(crate) default: Option<Json>,
    /// How it is drawn.
    pub(crate) kind: Kind,
}

/// How a field is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One line of text.
    Line,
    /// Text of many lines.
    Prose,
    /// The path of a script.
    Script,
    /// A number.
    Number,
    /// On or off.
    Switch,
    /// One of these.
    Choice(Vec<Json>),
    /// A list of texts.
    Lines,
    /// Texts by name.
    Pairs,
    /// Fields of its own.
    Group(Vec<Field>),
    /// Anything else.
    Json,
}

impl Kind {
    /// Whether `value` can be shown by this kind; what cannot is shown as JSON.
    pub(crate) fn shows(&self, value: &Json) -> bool {
        let texts =
            |mut values: std::slice::Iter<'_, Json>| values.all(|value| value.text().is_some());
        match (self, value) {
            (Self::Line | Self::Prose | Self::Script | Self::Number, Json::Text(_))
            | (Self::Number, Json::Number(_))
            | (Self::Switch, Json::Bool(_))
            | (Self::Group(_), Json::Object(_))
            | (Self::Choice(_), _) => true,
            (Self::Lines, Json::List(items)) => texts(items.iter()),
            (Self::Pairs, Json::Object(fields)) => {
                fields.iter().all(|(_, value)| value.text().is_some())
            }
            _ => false,
        }
    }
}

/// The fields of a payload with this schema; those it has to have come first.
pub(crate) fn fields(schema: &Value) -> Vec<Field> {
    let form = Form {
        root: schema,
        left: Cell::new(MOST),
    };
    form.properties(schema, "", 0)
}

/// Where a finding at `pointer` is shown: at a field of the form, a row of it, or nowhere in the form.
pub(crate) fn home(fields: &[Field], pointer: &str) -> Option<String> {
    let is_at_or_below = |field: &&Field| {
        let rest = pointer.strip_prefix(field.pointer.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let field = fields.iter().find(is_at_or_below)?;
    let rest = pointer.strip_prefix(field.pointer.as_str())?;
    match &field.kind {
        Kind::Group(inside) => Some(home(inside, pointer).unwrap_or_else(|| field.pointer.clone())),
        Kind::Lines | Kind::Pairs if !rest.is_empty() => {
            let row = rest.split('/').nth(1)?;
            Some(format!("{}/{row}", field.pointer))
        }
        _ => Some(field.pointer.clone()),
    }
}

/// The fields without which there is no task, also those within others that are there.
pub(crate) fn wanting<'a>(fields: &'a [Field], payload: &Json) -> Vec<&'a Field> {
    let missing = |field: &Field| {
        let value = payload.at(&field.pointer);
        field.required
            && value.is_none_or(|value| value.text().is_some_and(|text| text.trim().is_empty()))
    };
    let inside = |field: &'a Field| match &field.kind {
        Kind::Group(inside) if payload.at(&field.pointer).is_some() => wanting(inside, payload),
        _ => Vec::new(),
    };
    let of = |field: &'a Field| {
        let own = missing(field).then_some(field);
        own.into_iter().chain(inside(field)).collect::<Vec<_>>()
    };
    fields.iter().flat_map(of).collect()
}

/// A form that is being made.
struct Form<'a> {
    root: &'a Value,
    /// How many fields may still lie within others.
    left: Cell<usize>,
}

impl Form<'_> {
    fn properties(&self, schema: &Value, pointer: &str, depth: usize) -> Vec<Field> {
        let schema = self.resolved(schema);
        let required: Vec<_> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        let Some(properties) = schema["properties"].as_object() else {
            return Vec::new();
        };
        let field = |(key, schema): (&String, &Value)| {
            let is_required = required.iter().any(|name| name.as_str() == Some(key));
            self.field(schema, (pointer, key), is_required, depth)
        };
        let mut fields: Vec<_> = properties.iter().map(field).collect();
        fields.sort_by_key(|field| !field.required);
        fields
    }

    fn field(
        &self,
        schema: &Value,
        (parent, key): (&str, &str),
        required: bool,
        depth: usize,
    ) -> Field {
        let schema = self.resolved(schema);
        let pointer = below(parent, key);
        let kind = self.kind(&schema, (&pointer, key), depth);
        let said = schema["description"].as_str().unwrap_or_default().trim();
        let help = [said.to_owned(), bounds(&schema, &kind)];
        let help: Vec<_> = help.into_iter().filter(|part| !part.is_empty()).collect();
        Field {
            pointer,
            key: key.to_owned(),
            title: schema["title"].as_str().unwrap_or(key).to_owned(),
            help: help.join(" · "),
            required,
            default: schema.get("default").map(Json::from),
            kind,
        }
    }

    fn kind(&self, schema: &Value, (pointer, key): (&str, &str), depth: usize) -> Kind {
        let has = |word: &str| schema.get(word).is_some();
        if is_odd(schema) {
            return Kind::Json;
        }
        if let Some(values) = schema["enum"].as_array() {
            return Kind::Choice(values.iter().map(Json::from).collect());
        }
        if let Some(value) = schema.get("const") {
            return Kind::Choice(vec![value.into()]);
        }
        match the_type(schema) {
            Some("string") if names_script(schema, key) => Kind::Script,
            Some("string") if is_long(schema, key) => Kind::Prose,
            Some("string") => Kind::Line,
            Some("integer" | "number") => Kind::Number,
            Some("boolean") => Kind::Switch,
            Some("array") if !has("prefixItems") && self.is_text(&schema["items"]) => Kind::Lines,
            Some("object") if has("patternProperties") => Kind::Json,
            Some("object") if has("properties") => self.group(schema, pointer, depth + 1),
            Some("object") if self.is_text(&schema["additionalProperties"]) => Kind::Pairs,
            _ => Kind::Json,
        }
    }

    fn group(&self, schema: &Value, pointer: &str, depth: usize) -> Kind {
        let open = schema["additionalProperties"].is_object();
        let count = schema["properties"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        let left = self.left.get().checked_sub(count);
        match left {
            Some(left) if !open && count > 0 && depth < DEEPEST => {
                self.left.set(left);
                Kind::Group(self.properties(schema, pointer, depth))
            }
            _ => Kind::Json,
        }
    }

    /// Whether a schema takes texts and nothing else.
    fn is_text(&self, schema: &Value) -> bool {
        let schema = self.resolved(schema);
        schema["type"] == "string" && !is_odd(&schema)
    }

    /// The schema with what it refers to in its place. A chain of references that does not end is left as it is.
    fn resolved(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        for _ in 0..REFERENCES {
            let next = match (schema["$ref"].as_str(), alone(&schema)) {
                (Some(to), _) => {
                    let target = to.strip_prefix('#').and_then(|to| self.root.pointer(to));
                    target.map(|target| merged(target, &schema, "$ref"))
                }
                (None, alone) => alone.map(|(word, only)| merged(&only, &schema, word)),
            };
            match next {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }
}

#[cfg(test)]
mod tests;
