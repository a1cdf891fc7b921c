//! What a person is shown before consenting: everything that a plugin says of itself, as lines, and how it differs from
//! what was consented to before.

use std::collections::BTreeSet;

use similar::{ChangeTag, TextDiff};
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
    lines.push(format!("version {}", said.version));
    lines.push(format!("sha256 {digest}"));
    let about = &said.about;
    lines.extend(about.homepage.iter().map(|page| format!("homepage {page}")));
    lines.extend(about.license.iter().map(|terms| format!("license {terms}")));
    for need in &about.needs {
        let must = if need.optional { "would like" } else { "needs" };
        lines.push(format!("{must} {}", need.grant));
        lines.extend(quoted(&need.why));
    }
    lines.extend(grants.iter().map(|grant| format!("is granted {grant}")));
    if grants.is_empty() {
        lines.push("is granted nothing: no files, no environment".to_owned());
    }
    lines
}

fn of_tool(tool: &ToolDefinition) -> Vec<String> {
    let mut lines = vec![format!("tool {}: {}", tool.name, tool.title)];
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
        serde_json::to_string_pretty(&schema.value()).unwrap_or_default()
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
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
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
