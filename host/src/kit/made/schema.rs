//! Documents from a JSON Schema: what it says is followed as far as it goes, and the edges come often.

use std::cell::Cell;

use serde_json::{Map, Number, Value};
use sparkq_runtime::Schema;

use super::chance::Chance;
use super::{pattern, text};

/// How deep a document goes before its parts are left out.
const DEEP: usize = 6;

/// How many values one document has before the rest is left out.
const VALUES: usize = 2_000;

/// How many references are followed to get to a schema.
const REFERENCES: usize = 16;

/// How many parts of a schema are put together at a time.
const PARTS: usize = 64;

/// How many texts are tried until one matches its pattern.
const TRIES: usize = 8;

/// The longest text that a schema can ask for here.
const LONGEST: usize = 4_096;

/// The schema that everything fits.
const ANYTHING: Value = Value::Bool(true);

/// Makes documents from one schema.
#[derive(Debug)]
pub(in crate::kit) struct Maker<'a> {
    root: &'a Value,
    /// How many values the document that is being made may still have.
    left: Cell<usize>,
}

impl<'a> Maker<'a> {
    pub(in crate::kit) fn new(root: &'a Value) -> Self {
        Self {
            root,
            left: Cell::default(),
        }
    }

    /// A document that probably fits.
    pub(in crate::kit) fn make(&self, chance: &mut Chance) -> Value {
        self.left.set(VALUES);
        self.value(self.root, chance, 0)
    }

    fn value(&self, schema: &Value, chance: &mut Chance, depth: usize) -> Value {
        let left = self.left.get();
        if left == 0 || depth > 2 * DEEP {
            return Value::Null;
        }
        self.left.set(left - 1);
        let Some(schema) = self.settled(schema, chance) else {
            return any(chance);
        };
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(Value::Array(of)) = schema.get("enum") {
            return chance.pick(of).cloned().unwrap_or_default();
        }
        for keyword in ["examples", "default"] {
            match schema.get(keyword) {
                Some(Value::Array(of)) if keyword == "examples" && chance.one_in(4) => {
                    return chance.pick(of).cloned().unwrap_or_default();
                }
                Some(value) if keyword == "default" && chance.one_in(6) => return value.clone(),
                _ => {}
            }
        }
        match kind(&schema, chance) {
            "object" => self.object(&schema, chance, depth),
            "array" => self.array(&schema, chance, depth),
            "string" => string(&schema, chance),
            "integer" => whole(&schema, chance),
            "number" => number(&schema, chance),
            "boolean" => chance.one_in(2).into(),
            "null" => Value::Null,
            _ => any(chance),
        }
    }

    /// A schema with its references followed, its parts put together and one of its alternatives chosen; none where it
    /// says nothing.
    fn settled(&self, schema: &Value, chance: &mut Chance) -> Option<Map<String, Value>> {
        let mut settled = schema.as_object()?.clone();
        for _ in 0..REFERENCES {
            let mut parts = Vec::new();
            if let Some(Value::String(reference)) = settled.remove("$ref") {
                parts.extend(self.target(&reference));
            }
            for keyword in ["oneOf", "anyOf"] {
                if let Some(Value::Array(of)) = settled.remove(keyword) {
                    parts.extend(chance.pick(&of).cloned());
                }
            }
            if let Some(Value::Array(of)) = settled.remove("allOf") {
                parts.extend(of);
            }
            if parts.is_empty() {
                break;
            }
            parts.truncate(PARTS);
            for part in parts {
                if let Value::Object(part) = part {
                    merge(&mut settled, part);
                }
            }
        }
        Some(settled)
    }

    /// What a reference leads to inside the document.
    fn target(&self, reference: &str) -> Option<Value> {
        let pointer = reference.strip_prefix('#')?;
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        self.root.pointer(&pointer).cloned()
    }

    fn object(&self, schema: &Map<String, Value>, chance: &mut Chance, depth: usize) -> Value {
        let mut object = Map::new();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, of) in properties.into_iter().flatten() {
            let wanted = required.contains(&name.as_str());
            if wanted || (depth < DEEP && chance.one_in(2)) {
                object.insert(name.clone(), self.value(of, chance, depth + 1));
            }
        }
        for name in required {
            if !object.contains_key(name) {
                object.insert(name.to_owned(), any(chance));
            }
        }
        let least = size(schema, "minProperties").unwrap_or(0);
        let more = schema.get("additionalProperties");
        let free = more != Some(&Value::Bool(false)) && depth < DEEP;
        let extra = if free && properties.is_none() {
            chance.below(4)
        } else {
            0
        };
        let wanted = least.max(object.len() + extra).min(object.len() + 16);
        for number in 0..wanted.saturating_sub(object.len()) {
            let name = if number == 0 {
                text::text(chance, 1, 8)
            } else {
                format!("key{number}")
            };
            let value = self.value(more.unwrap_or(&ANYTHING), chance, depth + 1);
            object.insert(name, value);
        }
        object.into()
    }

    fn array(&self, schema: &Map<String, Value>, chance: &mut Chance, depth: usize) -> Value {
        let least = size(schema, "minItems").unwrap_or(0).min(64);
        let most = size(schema, "maxItems").unwrap_or(least + 3).max(least);
        let length = if depth < DEEP {
            least + chance.below((most - least).min(4) + 1)
        } else {
            least
        };
        let first = schema.get("prefixItems").and_then(Value::as_array);
        let rest = schema.get("items");
        let mut items = Vec::with_capacity(length);
        for place in 0..length {
            let of = first.and_then(|first| first.get(place)).or(rest);
            let item = self.value(of.unwrap_or(&ANYTHING), chance, depth + 1);
            let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
            if !unique || !items.contains(&item) {
                items.push(item);
            }
        }
        items.into()
    }
}

/// Puts one schema into another. What both say of properties and of what is required is kept of both.
fn merge(into: &mut Map<String, Value>, part: Map<String, Value>) {
    for (keyword, more) in part {
        match (keyword.as_str(), into.get_mut(&keyword), more) {
            ("properties" | "$defs", Some(Value::Object(known)), Value::Object(more)) => {
                known.extend(more);
            }
            ("required" | "allOf", Some(Value::Array(known)), Value::Array(more)) => {
                known.extend(more);
            }
            (_, Some(_), _) => {}
            (_, None, more) => {
                into.insert(keyword, more);
            }
        }
    }
}

/// Of which kind a document is to be, said or to be seen from what else is said.
fn kind(schema: &Map<String, Value>, chance: &mut Chance) -> &'static str {
    const KINDS: [&str; 7] = [
        "object", "array", "string", "integer", "number", "boolean", "null",
    ];
    let known = |name: &str| {
        KINDS
            .into_iter()
            .find(|kind| *kind == name)
            .unwrap_or("any")
    };
    match schema.get("type") {
        Some(Value::String(kind)) => return known(kind),
        Some(Value::Array(kinds)) => {
            let kind = chance.pick(kinds).and_then(Value::as_str);
            return kind.map_or("any", known);
        }
        _ => {}
    }
    for (kind, keywords) in [
        ("object", ["properties", "required", "additionalProperties"]),
        ("array", ["items", "prefixItems", "minItems"]),
        ("string", ["pattern", "minLength", "format"]),
        ("number", ["minimum", "maximum", "multipleOf"]),
    ] {
        if keywords.into_iter().any(|word| schema.contains_key(word)) {
            return kind;
        }
    }
    "any"
}

fn size(schema: &Map<String, Value>, keyword: &str) -> Option<usize> {
    let size = schema.get(keyword)?.as_u64()?;
    usize::try_from(size).ok().map(|size| size.min(LONGEST))
}

fn string(schema: &Map<String, Value>, chance: &mut Chance) -> Value {
    let least = size(schema, "minLength").unwrap_or(0);
    let most = size(schema, "maxLength").unwrap_or(LONGEST).max(least);
    if let Some(Value::String(wanted)) = schema.get("pattern") {
        let only = Value::from(schema.clone()).to_string();
        let fits = Schema::compile(&only).ok();
        let mut made = String::new();
        for _ in 0..TRIES {
            made = pattern::matching(wanted, chance);
            let value = Value::from(made.clone());
            if fits.as_ref().is_none_or(|fits| fits.accepts(&value)) {
                break;
            }
        }
        return made.into();
    }
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(made) = format.and_then(|format| text::of_format(chance, format)) {
        return made.into();
    }
    // Both ends often: that is where mistakes are.
    match chance.below(8) {
        0 => text::text(chance, least, least),
        1 if schema.contains_key("maxLength") => text::text(chance, most, most),
        _ => text::text(chance, least, most),
    }
    .into()
}

/// The least and the most that a number can be, as far as it is said.
fn bounds(schema: &Map<String, Value>, step: f64) -> (Option<f64>, Option<f64>) {
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let least = number("minimum").or_else(|| Some(number("exclusiveMinimum")? + step));
    let most = number("maximum").or_else(|| Some(number("exclusiveMaximum")? - step));
    (least, most)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a made-up number may be any near the one that is meant"
)]
fn whole(schema: &Map<String, Value>, chance: &mut Chance) -> Value {
    let (least, most) = bounds(schema, 1.0);
    let from = least.map_or(-10, |least| least.ceil() as i64);
    let to = most.map_or(from.saturating_add(1_000), |most| most.floor() as i64);
    let span = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
    let drawn = match chance.below(6) {
        0 => from,
        1 => to,
        _ => from.saturating_add(i64::try_from(chance.below(span.saturating_add(1))).unwrap_or(0)),
    };
    let step = schema.get("multipleOf").and_then(Value::as_f64);
    match step.filter(|step| *step >= 1.0) {
        None => drawn.into(),
        Some(step) => (((drawn as f64 / step).ceil() * step) as i64).into(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a made-up number may be any near the one that is meant"
)]
fn number(schema: &Map<String, Value>, chance: &mut Chance) -> Value {
    let (least, most) = bounds(schema, 0.5);
    let from = least.unwrap_or(-1_000.0);
    let to = most.unwrap_or(from + 2_000.0).max(from);
    let part = chance.below(1_001) as f64 / 1_000.0;
    let drawn = from + (to - from) * part;
    let step = schema.get("multipleOf").and_then(Value::as_f64);
    let drawn = step.map_or(drawn, |step| (drawn / step).floor() * step);
    Number::from_f64(drawn).map_or(Value::Null, Value::Number)
}

/// Any document at all.
pub(super) fn any(chance: &mut Chance) -> Value {
    match chance.below(9) {
        0 => Value::Null,
        1 => true.into(),
        2 => 0.into(),
        3 => i64::MIN.into(),
        4 => 1.5e300.into(),
        5 => Value::Array(vec![text::text(chance, 0, 5).into(), Value::Null]),
        6 => Value::Object(Map::from_iter([(String::new(), Value::Null)])),
        _ => text::text(chance, 0, 40).into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn most_of_what_is_made_fits_its_schema_and_is_the_same_each_time() {
        let schemas = [
            json!({
                "type": "object", "required": ["source", "language"], "additionalProperties": false,
                "properties": {
                    "source": {"type": "string", "minLength": 1, "maxLength": 20},
                    "language": {"enum": ["de", "fr"]},
                    "keep": {"type": "array", "items": {"$ref": "#/$defs/word"}, "maxItems": 3, "uniqueItems": true},
                    "level": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10, "multipleOf": 3},
                    "share": {"type": "number", "minimum": 0, "maximum": 1},
                    "when": {"type": ["string", "null"], "format": "date"},
                },
                "$defs": {"word": {"type": "string", "pattern": "^[a-z]{2,8}$"}},
            }),
            json!({"oneOf": [
                {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
                {"type": "object", "required": ["b"], "properties": {"b": {"type": "boolean"}}},
            ]}),
            json!({
                "allOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"required": ["b"]}],
                "properties": {"b": {"anyOf": [{"type": "null"}, {"type": "integer"}]}},
            }),
            json!({"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 2}),
        ];
        for schema in schemas {
            let check = Schema::compile(&schema.to_string()).expect("a schema");
            let hundred = || {
                let mut chance = Chance::of("x");
                let maker = Maker::new(&schema);
                (0..100)
                    .map(|_| maker.make(&mut chance))
                    .collect::<Vec<_>>()
            };
            let made = hundred();
            assert_eq!(made, hundred());
            let fits = made.iter().filter(|made| check.accepts(made)).count();
            assert!(fits > 80, "{fits} of 100 fit {schema}");
        }
    }

    #[test]
    fn a_schema_that_leads_in_circles_comes_to_an_end() {
        let schema = json!({
            "$ref": "#/$defs/node",
            "$defs": {"node": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/$defs/node"}}},
                      "loop": {"$ref": "#/$defs/loop"}},
        });
        let mut chance = Chance::of("x");
        let _ = Maker::new(&schema).make(&mut chance);
        let _ = Maker::new(&json!({"$ref": "#"})).make(&mut chance);
    }
}
