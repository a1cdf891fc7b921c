//! Text as it is: what is not seen in it, and may have it read as something else, is marked, and copied as it stands.

use leptos::prelude::*;
use sparkq_core::unseen::{escape_unseen, tell_unseen};

/// Draws a text, with a mark in the place of each character that is not seen.
pub(crate) fn seen(text: &str) -> AnyView {
    if is_plain(text) {
        return text.to_owned().into_any();
    }
    let draw = |part: Part| {
        match part {
        Part::Plain(text) => text.into_any(),
        Part::Unseen(character) => view! {
            <span class="unseen-mark" role="img" data-code=code(character) aria-label=code(character) title=MEANING>
                <span>{character.to_string()}</span>
            </span>
        }
        .into_any(),
    }
    };
    parts(text).into_iter().map(draw).collect_view().into_any()
}

/// The same as text alone, for titles and lists: marks stand in it as letters.
pub(crate) fn seen_text(text: &str) -> String {
    escape_unseen(text, |character, seen| {
        if is_space(character) {
            seen.push(character);
        } else {
            seen.extend(["⟨", &code(character), "⟩"]);
        }
    })
}

/// What a mark says on hover.
pub(crate) const MEANING: &str = "A character that is not seen, and may change how others are read";

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What can be read.
    Plain(String),
    /// A character that is not seen.
    Unseen(char),
}

/// Cuts a text at what is not seen in it. Ends of lines and tabs are no such thing.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    tell_unseen(text, |character, is_unseen| {
        if is_unseen && !is_space(character) {
            parts.push(Part::Unseen(character));
        } else if let Some(Part::Plain(text)) = parts.last_mut() {
            text.push(character);
        } else {
            parts.push(Part::Plain(character.to_string()));
        }
    });
    parts
}

/// How a mark names its character.
pub(crate) fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// Whether there is nothing to look for, which is quickly seen of nearly all texts.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r'))
}

const fn is_space(character: char) -> bool {
    matches!(character, '\n' | '\t' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_text_is_marked_where_it_stands() {
        assert_eq!(
            seen_text("done \u{202e}txt.exe\u{2069}"),
            "done ⟨U+202E⟩txt.exe⟨U+2069⟩"
        );
        let signs = "\u{202a}\u{202b}\u{202c}\u{202d}\u{2066}\u{2067}\u{2068}\u{200e}\u{200f}\u{61c}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{e0041}\u{7}";
        let marks = parts(signs);
        assert_eq!(marks.len(), signs.chars().count());
        assert!(marks.iter().all(|part| matches!(part, Part::Unseen(_))));
    }

    #[test]
    fn what_can_be_read_stays_as_it_is() {
        for text in ["two\r\n\tlines", "naïve 日本 שלום", "👩\u{200d}💻 ❤️", ""] {
            assert_eq!(seen_text(text), text);
        }
    }
}
