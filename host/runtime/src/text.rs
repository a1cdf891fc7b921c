//! Plugin text on its way to people and agents: bounded, unable to write to a terminal, and all of it to be seen.

use sparkq_core::unseen::{escape_unseen, spell_in_json};

use crate::limits::{LABEL, LOG_LINE, PROSE, SENTENCE};

/// Escapes characters that are not seen; `keep` names those that may stay.
fn escaped(text: &str, keep: &[char]) -> String {
    escape_unseen(text, |character, clean| {
        if keep.contains(&character) {
            clean.push(character);
        } else {
            clean.extend(character.escape_default());
        }
    })
}

/// One line of at most [`SENTENCE`] bytes.
pub(crate) fn sentence(text: &str) -> String {
    let end = text.floor_char_boundary(SENTENCE);
    let mut clean = escaped(&text[..end], &[]);
    if end < text.len() {
        clean.push('…');
    }
    clean
}

/// One line of at most [`LABEL`] characters.
pub(crate) fn label(text: &str) -> String {
    let clean = escaped(&text[..text.floor_char_boundary(4 * LABEL)], &[]);
    if clean.chars().count() <= LABEL {
        return clean;
    }
    clean.chars().take(LABEL - 1).chain(['…']).collect()
}

/// Several lines of at most [`PROSE`] bytes.
pub(crate) fn passage(text: &str) -> String {
    prose(&text[..text.floor_char_boundary(PROSE)])
}

/// A JSON text, which stays the same document: what is not seen in its strings is spelled out, and it is one line.
pub(crate) fn json(text: &str) -> String {
    escape_unseen(text, |character, clean| {
        if matches!(character, '\n' | '\r' | '\t') {
            // Only between values: within a string JSON wants them escaped.
            clean.push(' ');
        } else {
            spell_in_json(character, clean);
        }
    })
}

/// Several lines of Markdown.
pub(crate) fn prose(text: &str) -> String {
    escaped(text, &['\n', '\t'])
}

/// One log line of at most [`LOG_LINE`] bytes.
pub(crate) fn log_line(text: &str) -> String {
    // What is beyond is not worth escaping: that makes a text longer, never shorter.
    let mut clean = escaped(&text[..text.floor_char_boundary(LOG_LINE + 4)], &['\t']);
    if clean.len() > LOG_LINE {
        clean.truncate(clean.floor_char_boundary(LOG_LINE - '…'.len_utf8()));
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugin_text_cannot_write_to_the_terminal() {
        assert_eq!(sentence("a\u{1b}[31m\nb"), r"a\u{1b}[31m\nb");
        assert_eq!(prose("a\n\u{7}b"), "a\n\\u{7}b");
    }

    #[test]
    fn a_document_shows_what_is_not_seen_and_stays_the_same() {
        let text = "{\"a\":\n\t\"x\u{202e}y\u{e0041}\"}";
        let clean = json(text);
        assert_eq!(clean, r#"{"a":  "x\u202ey\udb40\udc41"}"#);
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&clean), read(text));
    }

    #[test]
    fn characters_that_change_how_others_are_read_are_shown() {
        assert_eq!(
            sentence("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{2028}f"),
            r"a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{2028}f"
        );
        assert_eq!(sentence("naïve 日本 ❤️ é"), "naïve 日本 ❤️ é");
    }

    #[test]
    fn a_label_is_one_line_of_at_most_120_characters() {
        assert_eq!(label(&"ü".repeat(500)).chars().count(), 120);
        assert_eq!(label("scripts/a.sh x"), "scripts/a.sh x");
    }

    #[test]
    fn a_log_line_is_cut_after_it_is_escaped() {
        assert_eq!(log_line(&"x".repeat(LOG_LINE)), "x".repeat(LOG_LINE));
        for long in ["x", "\u{7}", "é", "\u{e0041}"] {
            let line = log_line(&long.repeat(LOG_LINE + 1));
            assert!(line.len() <= LOG_LINE && line.len() > LOG_LINE - 16);
            assert!(line.ends_with('…'), "{long:?}");
        }
    }

    #[test]
    fn a_long_sentence_is_cut_between_characters() {
        assert!(sentence(&"€".repeat(1000)).ends_with("€…"));
    }
}
