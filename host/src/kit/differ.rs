//! In what two JSON documents differ, place by place.

use serde_json::Value;

/// The most places that are named.
const MOST: usize = 10;

/// The longest value that is shown, in characters.
const LONGEST: usize = 200;

/// The places in which `got` is not what was expected; each begins with `what` and its pointer.
pub(super) fn differences(what: &str, expected: &Value, got: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(what, Some(expected), Some(got), &mut found);
    let left_out = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    if left_out > 0 {
        found.push(format!("and {left_out} more"));
    }
    found
}

fn compare(place: &str, expected: Option<&Value>, got: Option<&Value>, found: &mut Vec<String>) {
    match (expected, got) {
        (Some(Value::Object(expected)), Some(Value::Object(got))) => {
            let more = got.keys().filter(|key| !expected.contains_key(*key));
            for key in expected.keys().chain(more) {
                let place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
                compare(&place, expected.get(key), got.get(key), found);
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(got))) => {
            for number in 0..expected.len().max(got.len()) {
                let place = format!("{place}/{number}");
                compare(&place, expected.get(number), got.get(number), found);
            }
        }
        (expected, got) if expected == got => {}
        (expected, got) => found.push(format!(
            "{place}: expected {}, got {}",
            shown(expected),
            shown(got)
        )),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), short)
}

/// A value as JSON, cut where it is long.
pub(super) fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_that_differs_is_named_with_both_values() {
        let expected = json!({"same": [1], "a": {"b/c": 1}, "list": [1, 2], "gone": null});
        let got = json!({"same": [1], "a": {"b/c": "1"}, "list": [1, 3, 4], "new": true});
        assert_eq!(
            differences("payload", &expected, &got),
            [
                r#"payload/a/b~1c: expected 1, got "1""#,
                "payload/list/1: expected 2, got 3",
                "payload/list/2: expected nothing, got 4",
                "payload/gone: expected null, got nothing",
                "payload/new: expected nothing, got true",
            ]
        );
        let many: Value = (0..20).map(Value::from).collect();
        let found = differences("x", &json!([]), &many);
        assert_eq!((found.len(), found[10].as_str()), (11, "and 10 more"));
    }
}
