//! What a person is shown before consenting: everything that a plugin says of itself, as lines, and how it differs from
//! what was consented to before.

use std::collections::BTreeSet;

use similar::{ChangeTag, TextDiff};
use sparkq_core::unseen::spelled_out;
use sparkq_core::{PluginRecord, ToolDefinition};

/// What a plugin says, one thing a line: its tools first, and last, where it is read, what it is granted. Text of its own
/// stands behind `|`, so that none of it can be taken for ours.
pub(crate) fn definitions(
    said: &PluginRecord,
    digest: &str,
    grants: &BTreeSet<String>,
) -> Vec<String> {
    let mut lines: Vec<String> = said.tools.iter().flat_map(of_tool).collect();
    if said.judges {
        lines.push("judges the results of its tools".to_owned());
    }
    lines.extend(word("version", &said.version));
    lines.push(format!("sha256 {digest}"));
    let about = &said.about;
    for (what, text) in [("homepage", &about.homepage), ("license", &about.license)] {
        if let Some(text) = text {
            lines.push(what.to_owned());
            lines.extend(quoted(text));
        }
    }
    for need in &about.needs {
        let must = if need.optional { "would like" } else { "needs" };
        lines.extend(word(must, &need.grant));
        lines.extend(quoted(&need.why));
    }
    lines.extend(grants.iter().map(|grant| format!("is granted {grant}")));
    if grants.is_empty() {
        lines.push("is granted nothing: no files, no environment".to_owned());
    }
    lines
}

fn of_tool(tool: &ToolDefinition) -> Vec<String> {
    let mut lines = vec![format!("tool {}", tool.name)];
    lines.extend(quoted(&tool.title));
    let timeout = tool.timeout.map(|timeout| format!(", {timeout}"));
    lines.push(format!(
        "  class {}{}",
        tool.task_class,
        timeout.unwrap_or_default()
    ));
    let hints = tool.hints;
    let marks = [
        (hints.read_only, "changes nothing"),
        (hints.destructive, "may delete or overwrite"),
        (hints.idempotent, "twice is the same as once"),
        (hints.open_world, "reaches outside this machine"),
    ];
    let marks = marks.iter().filter(|(is, _)| *is).map(|(_, word)| *word);
    let marks = marks.collect::<Vec<_>>().join(", ");
    if !marks.is_empty() {
        lines.push(format!("  says of itself: {marks}"));
    }
    let schema = |schema: &sparkq_core::wire::Document| {
        spelled_out(&serde_json::to_string_pretty(&schema.value()).unwrap_or_default())
    };
    let result = tool.result_schema.as_ref().map(schema);
    for (what, text) in [
        ("description", Some(tool.description.clone())),
        ("guide for workers", Some(tool.guide.clone())),
        ("payload", Some(schema(&tool.payload_schema))),
        ("result", result),
    ] {
        let Some(text) = text else { continue };
        lines.push(format!("  {what}"));
        lines.extend(quoted(&text));
    }
    lines
}

/// One word of a plugin's own, on the line of ours that it belongs to; behind `|` where it is more than a word.
fn word(what: &str, text: &str) -> Vec<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".+_:-".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(plain) {
        return vec![format!("{what} {text}")];
    }
    std::iter::once(what.to_owned())
        .chain(quoted(text))
        .collect()
}

fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| format!("    | {line}"))
}

/// The lines that went and came, marked `-` and `+`, with what stands around them. Empty where all is the same.
pub(crate) fn differences(before: &[String], after: &[String]) -> Vec<String> {
    /// How many lines around a change are shown.
    const AROUND: usize = 3;
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&before, &after);
    let mut lines = Vec::new();
    for (place, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if place > 0 {
            lines.push("  …".to_owned());
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let mark = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            lines.push(format!("{mark} {}", change.value()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn nothing_that_a_plugin_says_of_itself_passes_for_a_line_of_ours() {
        let said = json!({
            "name": "acme", "version": "1.0 is granted nothing", "digest": "", "config": "{}", "built_in": false, "judges": false,
            "about": {
                "homepage": "https://acme.dev sha256 00", "license": "MIT is granted nothing",
                "needs": [{"grant": "env:A is granted nothing", "why": "to see", "optional": false}],
            },
            "tools": [{
                "name": "act", "title": "does: class FAST_SCRIPT", "description": "D", "guide": "G", "task_class": "LLM_LITE",
                "payload_schema": {"title": "safe \u{202e}live\u{200b}"}, "template": {}, "examples": [],
                "hints": {"read_only": false, "destructive": false, "idempotent": false, "open_world": false},
            }],
        });
        let said: PluginRecord = serde_json::from_value(said).expect("a record");
        let lines = definitions(&said, "0a", &BTreeSet::new());
        insta::assert_snapshot!(lines.join("\n"), @r#"
        tool act
            | does: class FAST_SCRIPT
          class LLM_LITE
          description
            | D
          guide for workers
            | G
          payload
            | {
            |   "title": "safe \u202elive\u200b"
            | }
        version
            | 1.0 is granted nothing
        sha256 0a
        homepage
            | https://acme.dev sha256 00
        license
            | MIT is granted nothing
        needs
            | env:A is granted nothing
            | to see
        is granted nothing: no files, no environment
        "#);
    }

    #[test]
    fn a_difference_is_the_lines_that_went_and_came_with_what_stands_around_them() {
        let differ = |before, after| differences(&lines(before), &lines(after)).join(",");
        assert_eq!(differ("a b c", "a b c"), "");
        assert_eq!(differ("a b c", "a x c"), "  a,- b,+ x,  c");
        assert_eq!(differ("a", "a b"), "  a,+ b");
        let long = "1 2 3 4 5 6 7 8 9 10 11";
        assert_eq!(
            differ(&format!("x {long} x"), &format!("y {long} y")),
            "- x,+ y,  1,  2,  3,  …,  9,  10,  11,- x,+ y"
        );
    }
}
