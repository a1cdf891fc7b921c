//! How much a schema is, once every reference in it stands for what it leads to.
//!
//! A schema of a few lines can refer to itself so often that to check one payload takes years, or so deep that the stack
//! ends. Nothing limits that from outside, so it is counted before a schema is used.

use std::collections::HashMap;

use serde_json::Value;

/// Parts of an unfolded schema.
const PARTS: u64 = 10_000;
/// Parts of it that lie in each other.
const DEEPEST: usize = 100;
/// Patterns, each of which is compiled to as much as [`PATTERN`](crate::schema::PATTERN).
const PATTERNS: usize = 64;

/// Why a schema is too much to be used.
pub(crate) fn too_much(schema: &Value) -> Result<(), String> {
    let mut unfold = Unfold {
        root: schema,
        named: HashMap::new(),
        known: HashMap::new(),
        patterns: 0,
    };
    unfold.look(schema, true)?;
    if unfold.patterns > PATTERNS {
        return Err(format!(
            "it has {} patterns, and at most {PATTERNS} are taken",
            unfold.patterns
        ));
    }
    if unfold.size(schema, 0)?.parts > PARTS {
        return Err(format!(
            "with every reference followed it has more than {PARTS} parts"
        ));
    }
    Ok(())
}

/// How much a part is when it is unfolded.
#[derive(Clone, Copy)]
struct Size {
    parts: u64,
    depth: usize,
}

impl Size {
    const ONE: Self = Self { parts: 1, depth: 1 };

    fn takes_in(&mut self, inner: Self) {
        self.parts = self.parts.saturating_add(inner.parts);
        self.depth = self.depth.max(inner.depth + 1);
    }
}

struct Unfold<'a> {
    root: &'a Value,
    /// What anchors name.
    named: HashMap<&'a str, &'a Value>,
    /// How much a part is; none while it is being counted, so that what refers to itself counts once.
    known: HashMap<*const Value, Option<Size>>,
    patterns: usize,
}

impl<'a> Unfold<'a> {
    /// Finds anchors and patterns, and refuses references that mean something else than they seem to.
    fn look(&mut self, value: &'a Value, outermost: bool) -> Result<(), String> {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.look(item, false)),
            Value::Object(map) => {
                for (key, inner) in map {
                    match (key.as_str(), inner) {
                        ("$anchor" | "$dynamicAnchor", Value::String(name)) => {
                            self.named.insert(name, value);
                        }
                        ("$id", Value::String(id)) if !outermost => {
                            return Err(format!("a part of it has an address of its own, {id}"));
                        }
                        ("$ref" | "$dynamicRef", Value::String(target)) => same_document(target)?,
                        ("pattern", Value::String(_)) => self.patterns += 1,
                        ("patternProperties", Value::Object(patterns)) => {
                            self.patterns += patterns.len();
                        }
                        _ => {}
                    }
                    self.look(inner, false)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn size(&mut self, value: &'a Value, above: usize) -> Result<Size, String> {
        if !value.is_array() && !value.is_object() {
            return Ok(Size::ONE);
        }
        match self.known.get(&std::ptr::from_ref(value)) {
            Some(Some(size)) if above + size.depth <= DEEPEST => return Ok(*size),
            Some(None) => return Ok(Size::ONE),
            None if above < DEEPEST => {}
            _ => {
                return Err(format!(
                    "with every reference followed it is more than {DEEPEST} deep"
                ));
            }
        }
        self.known.insert(std::ptr::from_ref(value), None);
        let mut size = Size::ONE;
        match value {
            Value::Array(items) => {
                for item in items {
                    size.takes_in(self.size(item, above + 1)?);
                }
            }
            Value::Object(map) => {
                for (key, inner) in map {
                    let inner = match (key.as_str(), inner) {
                        ("$ref" | "$dynamicRef", Value::String(target)) => self.target(target),
                        _ => Some(inner),
                    };
                    if let Some(inner) = inner {
                        size.takes_in(self.size(inner, above + 1)?);
                    }
                }
            }
            _ => {}
        }
        self.known.insert(std::ptr::from_ref(value), Some(size));
        Ok(size)
    }

    /// Where a reference leads; one that leads nowhere is refused when the schema is compiled.
    fn target(&self, reference: &str) -> Option<&'a Value> {
        let fragment = reference.strip_prefix('#')?;
        if fragment.is_empty() || fragment.starts_with('/') {
            self.root.pointer(fragment)
        } else {
            self.named.get(fragment).copied()
        }
    }
}

fn same_document(target: &str) -> Result<(), String> {
    if !target.starts_with('#') {
        return Err(format!(
            "it refers to {target}, which is outside the document"
        ));
    }
    if target.contains('%') {
        return Err(format!("write the reference {target} without `%`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    /// Definitions, each of which refers to the next so often.
    fn chain(length: usize, times: usize) -> Value {
        let mut definitions = Map::new();
        for number in 0..length {
            let next = json!({"$ref": format!("#/$defs/d{}", number + 1)});
            definitions.insert(format!("d{number}"), json!({"allOf": vec![next; times]}));
        }
        definitions.insert(format!("d{length}"), json!({"type": "object"}));
        json!({"$defs": definitions, "$ref": "#/$defs/d0"})
    }

    #[test]
    fn a_schema_that_repeats_itself_in_itself_is_too_much() {
        assert_eq!(too_much(&chain(8, 2)), Ok(()));
        let why = too_much(&chain(25, 2)).expect_err("too much");
        assert!(why.contains("parts"), "{why}");
        let why = too_much(&chain(60, 1)).expect_err("too much");
        assert!(why.contains("deep"), "{why}");
    }

    #[test]
    fn the_order_in_which_definitions_stand_does_not_matter() {
        let schema = chain(60, 1);
        let definitions = schema["$defs"].as_object().expect("definitions").clone();
        let backwards: Map<String, Value> = definitions.into_iter().rev().collect();
        let schema = json!({"$defs": backwards, "$ref": "#/$defs/d0"});
        let why = too_much(&schema).expect_err("too much");
        assert!(why.contains("deep"), "{why}");
    }

    #[test]
    fn a_schema_may_refer_to_itself() {
        let tree = json!({
            "$anchor": "tree",
            "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#tree"}},
        });
        assert_eq!(too_much(&tree), Ok(()));
    }

    #[test]
    fn what_a_reference_means_is_what_it_says() {
        for (schema, why) in [
            (json!({"$ref": "https://example.com/a"}), "outside"),
            (json!({"$ref": "#/%24defs/a"}), "without `%`"),
            (json!({"items": {"$id": "urn:a"}}), "address of its own"),
        ] {
            let said = too_much(&schema).expect_err("refused");
            assert!(said.contains(why), "{said}");
        }
        assert_eq!(
            too_much(&json!({"$id": "urn:a", "properties": {"$id": {}}})),
            Ok(())
        );
    }

    #[test]
    fn patterns_are_counted() {
        let patterns: Map<String, Value> = (0..65).map(|n| (format!("a{n}"), json!({}))).collect();
        let why = too_much(&json!({"patternProperties": patterns})).expect_err("too much");
        assert!(why.starts_with("it has 65 patterns"), "{why}");
    }
}
