//! A JSON document that is being edited: keys keep their order, numbers their spelling; plain data.

mod reader;

use sparkq_core::json::{NotJson, kind, parse};
use sparkq_core::unseen::spelled_out;

use self::reader::Reader;

/// One value of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was spelled.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object. A key stands twice only while somebody is typing.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one document as strictly as the queue does.
    pub(crate) fn read(text: &str) -> Result<Self, NotJson> {
        parse(text)?;
        // What was just read as JSON can be read once more.
        Ok(Reader(text).value().unwrap_or(Self::Null))
    }

    /// Reads an object; says in words why a text is none.
    pub(crate) fn read_object(text: &str) -> Result<Self, String> {
        match Self::read(text) {
            Ok(object @ Self::Object(_)) => Ok(object),
            Ok(other) => Err(format!(
                "a payload is an object, and this is {}",
                kind(&other.value())
            )),
            Err(error) => Err(error.to_string()),
        }
    }

    /// An object without fields.
    pub(crate) const fn empty() -> Self {
        Self::Object(Vec::new())
    }

    /// The same value as programs read it.
    pub(crate) fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.compact()).unwrap_or_default()
    }

    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fields, where it is an object.
    pub(crate) fn fields(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The value at a JSON Pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Self> {
        steps(pointer).try_fold(self, |value, step| match value {
            Self::List(items) => items.get(step.parse::<usize>().ok()?),
            Self::Object(fields) => {
                let mut fields = fields.iter();
                fields.find(|(key, _)| *key == step).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// The value at a JSON Pointer, to be changed; objects on the way are made where they are missing.
    pub(crate) fn place(&mut self, pointer: &str) -> Option<&mut Self> {
        steps(pointer).try_fold(self, |value, step| {
            if *value == Self::Null {
                *value = Self::empty();
            }
            match value {
                Self::List(items) => items.get_mut(step.parse::<usize>().ok()?),
                Self::Object(fields) => {
                    let found = fields.iter().position(|(key, _)| *key == step);
                    let found = found.unwrap_or_else(|| {
                        fields.push((step, Self::Null));
                        fields.len() - 1
                    });
                    fields.get_mut(found).map(|(_, value)| value)
                }
                _ => None,
            }
        })
    }

    /// Takes out what is at a JSON Pointer.
    pub(crate) fn remove(&mut self, pointer: &str) {
        let Some((parent, step)) = pointer.rsplit_once('/') else {
            return;
        };
        if self.at(pointer).is_none() {
            return;
        }
        match self.place(parent) {
            Some(Self::List(items)) => drop(step.parse().map(|at: usize| items.remove(at))),
            Some(Self::Object(fields)) => {
                let step = unescaped(step);
                fields.retain(|(key, _)| *key != step);
            }
            _ => {}
        }
    }

    /// Spells it on one line.
    pub(crate) fn compact(&self) -> String {
        self.spelled(None)
    }

    /// Spells it for people: each field on a line of its own, short lists on one.
    pub(crate) fn pretty(&self) -> String {
        self.spelled(Some(0))
    }

    fn spelled(&self, depth: Option<usize>) -> String {
        let inside = depth.map(|depth| depth + 1);
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(spelling) => spelling.clone(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let flat = |item: &Self| !matches!(item, Self::List(_) | Self::Object(_));
                let parts: Vec<_> = items.iter().map(|item| item.spelled(inside)).collect();
                if depth.is_some() && items.iter().all(flat) {
                    let line = format!("[{}]", parts.join(", "));
                    if line.len() <= 60 {
                        return line;
                    }
                }
                between('[', parts.into_iter(), ']', depth)
            }
            Self::Object(fields) => {
                let colon = if depth.is_some() { ": " } else { ":" };
                let field = |(key, value): &(String, Self)| {
                    format!("{}{colon}{}", quoted(key), value.spelled(inside))
                };
                between('{', fields.iter().map(field), '}', depth)
            }
        }
    }
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        Self::read(&value.to_string()).unwrap_or(Self::Null)
    }
}

/// Spells one step of a JSON Pointer.
pub(crate) fn below(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescaped)
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn quoted(text: &str) -> String {
    spelled_out(&serde_json::Value::from(text).to_string())
}

fn between(
    open: char,
    parts: impl Iterator<Item = String>,
    close: char,
    depth: Option<usize>,
) -> String {
    let parts: Vec<_> = parts.collect();
    match depth {
        Some(depth) if !parts.is_empty() => {
            let (outer, inner) = ("  ".repeat(depth), "  ".repeat(depth + 1));
            let parts = parts.join(&format!(",\n{inner}"));
            format!("{open}\n{inner}{parts}\n{outer}{close}")
        }
        _ => format!("{open}{}{close}", parts.join(",")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Json {
        Json::read(text).expect(text)
    }

    #[test]
    fn numbers_keep_their_spelling_and_keys_their_order() {
        let text = r#"{"z":1.50,"a":[1e3,-0,18446744073709551615],"m":{"x":"\"\\","":null}}"#;
        assert_eq!(read(text).compact(), text);
        assert_eq!(Json::read(&read(text).pretty()), Json::read(text));
    }

    #[test]
    fn people_read_each_field_on_its_own_line_and_short_lists_on_one() {
        let shown = read(r#"{"a":["x",1],"b":{},"c":[],"d":{"e":[{}]}}"#).pretty();
        let wanted = "{\n  \"a\": [\"x\", 1],\n  \"b\": {},\n  \"c\": [],\n  \"d\": {\n    \"e\": [\n      {}\n    ]\n  }\n}";
        assert_eq!(shown, wanted);
    }

    #[test]
    fn what_is_not_seen_is_spelled_out_and_stays_the_same() {
        let json = read("{\"a\":\"\u{202e}b\"}");
        assert_eq!(json.compact(), r#"{"a":"\u202eb"}"#);
        assert_eq!(read(&json.pretty()), json);
    }

    #[test]
    fn lists_in_lists_are_spelled_as_fast_as_they_are_read() {
        let text = format!("{}{}", "[".repeat(60), "]".repeat(60));
        assert_eq!(read(&text).compact(), text);
        assert_eq!(read(&read(&text).pretty()), read(&text));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_column() {
        let error = Json::read_object("{\n  \"a\": 1,,\n}").expect_err("two commas");
        assert!(error.contains("line 2 column 10"), "{error}");
        let error = Json::read_object("[1]").expect_err("an array");
        assert_eq!(error, "a payload is an object, and this is an array");
    }

    #[test]
    fn a_pointer_finds_puts_and_takes_out() {
        let mut json = read(r#"{"a":[1,2],"e~/":{"k":true}}"#);
        assert_eq!(json.at("/e~0~1/k"), Some(&Json::Bool(true)));
        assert_eq!(json.at("/a/7"), None);
        *json.place("/new/deep").expect("made") = Json::Text("x".to_owned());
        json.remove("/a/0");
        json.remove("/e~0~1");
        json.remove("/nowhere/at");
        assert_eq!(json.compact(), r#"{"a":[2],"new":{"deep":"x"}}"#);
        assert!(json.place("/a/9").is_none());
        assert_eq!(below("/a", "e~/"), "/a/e~0~1");
    }

    proptest! {
        #[test]
        fn whatever_the_queue_reads_is_read_the_same(text in "[\\[\\]{}\",:0-9eE.\\-\\\\a ]{0,30}") {
            if let Ok(value) = parse(&text) {
                let json = read(&text);
                prop_assert_eq!(json.value(), value.clone());
                prop_assert_eq!(Json::from(&value).value(), value);
            }
        }
    }
}
