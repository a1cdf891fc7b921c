//! Looks into a JSON text one level at a time. What it finds are ranges of the text, so numbers stay as they were sent.

use std::ops::Range;

use sparkq_core::unseen::spelled_out;

/// What kind of value a range is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An object, with fields.
    Object,
    /// An array, with items.
    Array,
    /// A text.
    Text,
    /// A number.
    Number,
    /// True, false or null.
    Word,
}

/// One field of an object, or one item of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child {
    /// The field's name, with its quotes; none of an item.
    pub(super) key: Option<Range<usize>>,
    /// The value.
    pub(super) value: Range<usize>,
}

/// Says what kind of value begins at `at`.
pub(super) fn kind(json: &str, at: usize) -> Kind {
    match json.as_bytes().get(at) {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b'"') => Kind::Text,
        Some(b'-' | b'0'..=b'9') => Kind::Number,
        _ => Kind::Word,
    }
}

/// The whole document, without the space around it.
pub(super) fn whole(json: &str) -> Range<usize> {
    let start = json.len() - json.trim_start().len();
    start..json.trim_end().len().max(start)
}

/// The fields or items of the object or array that lies at `of`; nothing where another value does.
pub(super) fn children(json: &str, of: Range<usize>) -> Vec<Child> {
    let mut scan = Scan {
        bytes: &json.as_bytes()[..of.end],
        at: of.start,
    };
    let mut children = Vec::new();
    if !matches!(kind(json, of.start), Kind::Object | Kind::Array) {
        return children;
    }
    scan.at += 1;
    while let Some(first) = scan.value() {
        let is_key = scan.peek() == Some(b':');
        let child = if is_key {
            scan.at += 1;
            let Some(value) = scan.value() else { break };
            Child {
                key: Some(first),
                value,
            }
        } else {
            Child {
                key: None,
                value: first,
            }
        };
        children.push(child);
        if scan.peek() != Some(b',') {
            break;
        }
        scan.at += 1;
    }
    children
}

/// The text that a range with quotes stands for.
pub(super) fn text(json: &str, of: Range<usize>) -> String {
    let quoted = &json[of];
    serde_json::from_str(quoted).unwrap_or_else(|_| quoted.to_owned())
}

/// A place in a text that is JSON.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    /// Passes over the next value; none where there is none.
    fn value(&mut self) -> Option<Range<usize>> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => self.pass_text(),
            b'{' | b'[' => self.pass_nested(),
            b'}' | b']' | b',' | b':' => return None,
            _ => self.pass_bare(),
        }
        Some(start..self.at)
    }

    fn pass_text(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at = (self.at + 1).min(self.bytes.len()),
                b'"' => return,
                _ => {}
            }
        }
    }

    fn pass_nested(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.pass_text();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn pass_bare(&mut self) {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:]}".contains(byte);
        while self.bytes.get(self.at).is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
    }
}

/// Spells a JSON text over lines, for people: each value as it stands, but what is not seen in its texts spelled out.
pub(crate) fn pretty(json: &str) -> String {
    let mut spelled = String::with_capacity(json.len() * 2);
    spell(json, whole(json), 0, &mut spelled);
    spelled_out(&spelled)
}

fn spell(json: &str, of: Range<usize>, depth: usize, into: &mut String) {
    let found = children(json, of.clone());
    if found.is_empty() {
        into.push_str(&json[of]);
        return;
    }
    let (open, close) = match kind(json, of.start) {
        Kind::Object => ('{', '}'),
        _ => ('[', ']'),
    };
    let indent = |into: &mut String, depth: usize| {
        into.push('\n');
        into.extend(std::iter::repeat_n("  ", depth));
    };
    into.push(open);
    for (number, child) in found.into_iter().enumerate() {
        if number > 0 {
            into.push(',');
        }
        indent(into, depth + 1);
        if let Some(key) = child.key {
            into.push_str(&json[key]);
            into.push_str(": ");
        }
        spell(json, child.value, depth + 1, into);
    }
    indent(into, depth);
    into.push(close);
}

/// How `count` items are put into groups: how many are in each, so that there are at most a hundred of them.
pub(super) fn group_size(count: usize) -> usize {
    let mut size = 1;
    while count.div_ceil(size) > 100 {
        size *= 100;
    }
    size
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn told(json: &str) -> Vec<(String, String)> {
        let found = children(json, whole(json)).into_iter();
        found
            .map(|child| {
                (
                    child.key.map_or_else(String::new, |key| text(json, key)),
                    json[child.value].to_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn a_level_is_read_and_each_value_stays_as_it_was_sent() {
        let json = r#" {"n": 0.1000, "big":1e400,"a\"b":[1,{"c":"]}"}], "t":"x\\","u":true} "#;
        let expected = [
            ("n", "0.1000"),
            ("big", "1e400"),
            ("a\"b", r#"[1,{"c":"]}"}]"#),
            ("t", r#""x\\""#),
            ("u", "true"),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(told(json), expected);
        assert_eq!(told("[1, null , []]").len(), 3);
        assert_eq!(told("{}"), []);
        assert_eq!(told("7"), []);
    }

    #[test]
    fn the_pretty_form_changes_nothing_but_space() {
        assert_eq!(
            pretty(r#"{"a":[1.00,{}],"b":"x"}"#),
            "{\n  \"a\": [\n    1.00,\n    {}\n  ],\n  \"b\": \"x\"\n}"
        );
    }

    #[test]
    fn what_is_not_seen_is_spelled_out() {
        let json = "{\"a\u{202e}\":\"b\u{200b}é\"}";
        assert_eq!(pretty(json), "{\n  \"a\\u202e\": \"b\\u200bé\"\n}");
    }

    #[test]
    fn many_items_are_grouped_so_that_no_level_has_more_than_a_hundred() {
        assert_eq!(
            [0, 100, 101, 10_000, 10_001, 200_000].map(group_size),
            [1, 1, 100, 100, 10_000, 10_000]
        );
    }

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec(("[a-z\"\\\\]{0,4}", inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_pretty_form_is_the_same_document(document in documents()) {
            let read: Value = serde_json::from_str(&pretty(&document.to_string())).expect("JSON");
            prop_assert_eq!(read, document);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}\",:\\\\a1 é]{0,60}") {
            pretty(&text);
        }
    }
}
