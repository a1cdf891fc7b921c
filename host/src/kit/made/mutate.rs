//! A document with something wrong in one place.

use serde_json::{Map, Value};

use super::chance::Chance;
use super::schema::any;
use super::text;

/// How long a text is that is longer than anybody thought of.
const LONG: usize = 20_000;

/// How deep what is put into a document goes.
const DEEP: usize = 40;

/// The same object with a wrong type, a missing or an unknown member, a long or odd text, or something deep in it.
pub(in crate::kit) fn mutate(
    object: &Map<String, Value>,
    chance: &mut Chance,
) -> Map<String, Value> {
    let mut object = object.clone();
    let keys: Vec<String> = object.keys().cloned().collect();
    let Some(key) = chance.pick(&keys) else {
        object.insert(text::text(chance, 0, 5), any(chance));
        return object;
    };
    match chance.below(8) {
        0 => {
            object.remove(key);
        }
        1 => {
            object.insert(text::text(chance, 0, 12), any(chance));
        }
        2 => {
            let deep = (0..DEEP).fold(Value::Null, |inside, _| Value::Array(vec![inside]));
            object.insert(key.clone(), deep);
        }
        _ => {
            if let Some(value) = object.get_mut(key) {
                spoil(value, chance);
            }
        }
    }
    object
}

/// Changes a value, or one inside it.
fn spoil(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Array(items) if !items.is_empty() && chance.one_in(2) => {
            let place = chance.below(items.len());
            spoil(&mut items[place], chance);
        }
        Value::Object(members) if !members.is_empty() && chance.one_in(2) => {
            *members = mutate(members, chance);
        }
        Value::String(text) if !chance.one_in(3) => {
            *text = match chance.below(4) {
                0 => "x".repeat(LONG),
                1 => String::new(),
                2 => format!("{text} "),
                _ => text::text(chance, 0, 60),
            };
        }
        other => *other = any(chance),
    }
}
