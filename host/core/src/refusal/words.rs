//! The parts that the sentences of refusals are put together from.

use crate::id::TaskId;
use crate::unseen::escape_unseen;

/// Puts a caller's text into a sentence: in backticks, what would not be seen escaped, at most 80 characters of it.
#[must_use]
pub fn quote(text: &str) -> String {
    let end = text.char_indices().nth(80).map(|(end, _)| end);
    let mut short = escape_unseen(&text[..end.unwrap_or(text.len())], |character, short| {
        short.extend(character.escape_default());
    });
    if end.is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) fn known_names(word: &str, known: &[String]) -> String {
    if known.is_empty() && word == "plugin" {
        // Those that came with SparkQ are always there, so this is about those of `sparkq.toml`.
        "; sparkq.toml names none".to_owned()
    } else if known.is_empty() {
        format!("; no {word} is active")
    } else {
        let verb = if known.len() == 1 { "is" } else { "are" };
        format!(
            "; there {verb} {}",
            listed(known.iter().map(String::as_str))
        )
    }
}

pub(super) fn not_loaded(plugins: &[String]) -> String {
    if plugins.is_empty() {
        return String::new();
    }
    format!(
        "; it may be one of {}, which {} not loaded",
        listed(plugins.iter().map(String::as_str)),
        if plugins.len() == 1 { "is" } else { "are" }
    )
}

pub(super) fn of_plugin(plugin: Option<&str>) -> String {
    plugin.map_or_else(String::new, |plugin| format!(" of plugin `{plugin}`"))
}

pub(super) fn waiting(queued: &[(String, u64)]) -> String {
    if queued.is_empty() {
        return "; no stream has queued tasks".to_owned();
    }
    let streams: Vec<_> = queued
        .iter()
        .map(|(stream, count)| format!("`{stream}` ({count})"))
        .collect();
    format!("; these have queued tasks: {}", streams.join(", "))
}

pub(super) fn aftermath(error: Option<&str>, clone: Option<&TaskId>) -> String {
    let error = error.map(|text| {
        format!(
            " ({})",
            text.lines()
                .next()
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect::<String>()
        )
    });
    let clone = clone.map(|id| format!("; it was requeued as `{id}`"));
    error.unwrap_or_default() + &clone.unwrap_or_default()
}
