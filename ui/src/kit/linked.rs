//! Text with the tasks it names as links.

use leptos::prelude::*;

use super::seen;
use crate::route;

/// What an id begins with.
const PREFIX: &str = "tsk_";

/// How long an id is.
const LENGTH: usize = PREFIX.len() + 8;

/// Draws a text, in which each id of a task leads to the task.
pub(crate) fn linked(text: &str) -> AnyView {
    let draw = |(part, is_id): (&str, bool)| {
        if !is_id {
            return seen(part);
        }
        let (address, part) = (route::task(part), part.to_owned());
        view! { <a href=address>{part}</a> }.into_any()
    };
    parts(text).into_iter().map(draw).collect_view().into_any()
}

/// The first id of a task in a text that is not `own`.
pub(crate) fn named_in<'a>(text: &'a str, own: &str) -> Option<&'a str> {
    let mut ids = parts(text).into_iter();
    ids.find_map(|(part, is_id)| (is_id && part != own).then_some(part))
}

/// Cuts a text where ids begin and end, and says of each part whether it is one.
fn parts(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = 0;
    for (at, _) in text.match_indices(PREFIX) {
        let end = at + LENGTH;
        if !is_id(text, at, end) {
            continue;
        }
        if rest < at {
            parts.push((&text[rest..at], false));
        }
        parts.push((&text[at..end], true));
        rest = end;
    }
    if rest < text.len() {
        parts.push((&text[rest..], false));
    }
    parts
}

fn is_id(text: &str, at: usize, end: usize) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let bytes = text.as_bytes();
    let begins = at == 0 || !is_word(&bytes[at - 1]);
    let ends = bytes.get(end).is_none_or(|byte| !is_word(byte));
    let drawn = bytes.get(at + PREFIX.len()..end);
    begins
        && ends
        && drawn.is_some_and(|drawn| {
            drawn
                .iter()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_a_text_are_told_from_what_only_looks_like_one() {
        let text = "`tsk_0a1b2c3d` was requeued as tsk_11111111; tsk_short, xtsk_11111111, tsk_111111111, tsk_é1111111";
        let ids: Vec<&str> = parts(text)
            .into_iter()
            .filter(|(_, is_id)| *is_id)
            .map(|(part, _)| part)
            .collect();
        assert_eq!(ids, ["tsk_0a1b2c3d", "tsk_11111111"]);
        let all: String = parts(text).into_iter().map(|(part, _)| part).collect();
        assert_eq!(all, text);
        assert_eq!(named_in(text, "tsk_0a1b2c3d"), Some("tsk_11111111"));
    }
}
