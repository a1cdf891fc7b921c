//! Reading JSON strictly: what two readers could understand differently is refused.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep arrays and objects may lie in each other.
pub const DEEPEST: usize = 64;

/// Why a text is not JSON that SparkQ takes: what is wrong, with line and column where they are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotJson(String);

/// Reads one JSON document. Refuses a key twice in one object, nesting deeper than [`DEEPEST`],
/// a number that does not fit, and anything after the document.
pub fn parse(text: &str) -> Result<Value, NotJson> {
    parse_around(text, 0)
}

/// Reads one JSON document as [`parse`] does, with `levels` more around what is looked at by itself later.
pub fn parse_around(text: &str, levels: usize) -> Result<Value, NotJson> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict {
        left: DEEPEST + levels,
    }
    .deserialize(&mut reader)
    .map_err(|error| NotJson(error.to_string()))?;
    reader.end().map_err(|error| NotJson(error.to_string()))?;
    match integer_too_large(text) {
        Some(literal) => Err(NotJson(format!(
            "the number {literal} does not fit in 64 bits"
        ))),
        None => Ok(value),
    }
}

/// Reads one JSON document that must be an object, as [`parse`] does.
pub fn parse_object(text: &str) -> Result<Map<String, Value>, NotJson> {
    match parse(text)? {
        Value::Object(map) => Ok(map),
        other => Err(NotJson(format!(
            "it is {}, and an object is needed",
            kind(&other)
        ))),
    }
}

/// What kind of value this is, in words: `a string`, `an object`.
#[must_use]
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The first integer literal of valid JSON that neither `i64` nor `u64` can hold.
/// `serde_json` would turn it into the nearest float without a word.
fn integer_too_large(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while bytes.get(at).is_some_and(|&byte| byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'-' | b'0'..=b'9' => {
                let part_of_number =
                    |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| part_of_number(byte))
                    .count();
                let literal = &text[at..at + length];
                let integer = literal
                    .bytes()
                    .all(|byte| byte == b'-' || byte.is_ascii_digit());
                if integer && literal.parse::<i64>().is_err() && literal.parse::<u64>().is_err() {
                    return Some(literal);
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    None
}

#[derive(Clone, Copy)]
struct Strict {
    /// How many levels may still be entered.
    left: usize,
}

impl Strict {
    fn enter<E: de::Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left }),
            None => Err(E::custom(format_args!(
                "it is nested deeper than {DEEPEST} levels"
            ))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inside = self.enter()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inside)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inside = self.enter()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(de::Error::custom(format_args!(
                    "the key `{key}` stands twice in one object"
                )));
            }
            let value = entries.next_value_seed(inside)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_readers_could_understand_differently_is_refused() {
        let refused = [
            (r#"{"a":1,"a":2}"#, "the key `a` stands twice in one object"),
            (r#"{"a":{"b":1,"b":1}}"#, "the key `b` stands twice"),
            (
                "18446744073709551616",
                "18446744073709551616 does not fit in 64 bits",
            ),
            (
                "[-9223372036854775809]",
                "-9223372036854775809 does not fit in 64 bits",
            ),
            ("1e999", "number out of range"),
            ("{} {}", "trailing characters"),
            ("", "EOF"),
            ("{'a':1}", "key must be a string"),
        ];
        for (text, why) in refused {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn nesting_is_allowed_to_64_levels_and_no_deeper() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse(&nested(64)).is_ok());
        assert!(parse(&nested(65)).is_err());
        assert!(parse(&nested(100_000)).is_err(), "no stack is exhausted");
        assert!(parse_around(&nested(67), 3).is_ok() && parse_around(&nested(68), 3).is_err());
    }

    #[test]
    fn digits_inside_strings_are_no_numbers() {
        assert!(parse(r#"{"id":"99999999999999999999 \" 99999999999999999999"}"#).is_ok());
    }

    #[test]
    fn the_order_of_keys_is_kept() {
        let text = r#"{"summary":"done","b":1,"a":18446744073709551615}"#;
        assert_eq!(
            parse(text).map(|value| value.to_string()).as_deref(),
            Ok(text)
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[\\[\\]{}\",:0-9eE.+\\\\a-]{0,40}") {
            let _ = parse(&text);
        }
    }
}
