//! Characters that are not seen themselves but change how others are: one notion of them for all that is shown.

use std::fmt::Write;

/// Whether a character is not seen, or turns, joins or hides others: controls, directions, blanks of no width, fillers,
/// selectors and tags. Source: Unicode, general category Cc and the property `Default_Ignorable_Code_Point`, with the line
/// and paragraph separators and the interlinear annotations.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Writes `text` character by character: each that is not seen as `escape` spells it, all others as they are. A joiner or
/// a selector within an emoji is part of its picture and stays.
pub fn escape_unseen(text: &str, escape: impl Fn(char, &mut String)) -> String {
    let mut clean = String::with_capacity(text.len());
    tell_unseen(text, |character, is_unseen| {
        if is_unseen {
            escape(character, &mut clean);
        } else {
            clean.push(character);
        }
    });
    clean
}

/// Tells `text` character by character, and of each whether it is not seen.
pub fn tell_unseen(text: &str, mut tell: impl FnMut(char, bool)) {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let stays = match character {
            '\u{fe0f}' => {
                before.is_some_and(is_picture)
                    || rest.peek() == Some(&KEY) && before.is_some_and(is_on_key)
            }
            '\u{200d}' => {
                before.is_some_and(|before| is_picture(before) || before == '\u{fe0f}')
                    && rest.peek().copied().is_some_and(is_picture)
            }
            other => !is_unseen(other),
        };
        tell(character, !stays);
        before = Some(character);
    }
}

/// A JSON text over any number of lines, which stays the same document: what is not seen in its strings is spelled out.
#[must_use]
pub fn spelled_out(json: &str) -> String {
    escape_unseen(json, |character, clean| match character {
        '\n' => clean.push(character),
        _ => spell_in_json(character, clean),
    })
}

/// Spells a character as JSON has it within a string.
pub fn spell_in_json(character: char, text: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\\u{unit:04x}");
    }
}

/// What makes a key of the sign before it.
const KEY: char = '\u{20e3}';

const fn is_on_key(character: char) -> bool {
    matches!(character, '#' | '*' | '0'..='9')
}

/// Whether emoji are made with this character: a picture, or a colour of skin.
const fn is_picture(character: char) -> bool {
    matches!(character,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}'
        | '\u{2460}'..='\u{24ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '〰' | '〽' | '㊗' | '㊙' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        escape_unseen(text, |character, clean| {
            clean.extend(character.escape_default());
        })
    }

    #[test]
    fn what_is_not_seen_is_escaped_and_all_else_stays() {
        for unseen in [
            '\0',
            '\u{7f}',
            '\u{9b}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2064}',
            '\u{2069}',
            '\u{3164}',
            '\u{fe00}',
            '\u{feff}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
        ] {
            assert!(is_unseen(unseen), "{unseen:?}");
        }
        assert_eq!(shown("a\u{202e}b\u{1b}[31m\nc"), r"a\u{202e}b\u{1b}[31m\nc");
        assert_eq!(
            shown("naïve 日本 é \u{a0}\u{3000}"),
            "naïve 日本 é \u{a0}\u{3000}"
        );
    }

    #[test]
    fn an_emoji_stays_whole_and_a_joiner_elsewhere_is_shown() {
        for emoji in [
            "❤️",
            "👩\u{200d}💻",
            "🏳️\u{200d}🌈",
            "👍🏽",
            "1️⃣",
            "☂️ a",
            "👨🏽\u{200d}🚀",
        ] {
            assert_eq!(shown(emoji), emoji);
        }
        assert_eq!(shown("ad\u{200d}min"), r"ad\u{200d}min");
        for text in ["a\u{fe0f}", "1\u{fe0f}", "1\u{200d}2"] {
            assert!(shown(text).contains("\\u{"), "{text}");
        }
        assert_eq!(shown("👩\u{200d}"), "👩\\u{200d}");
        assert_eq!(shown("👩\u{fe0f}\u{fe0f}"), "👩\u{fe0f}\\u{fe0f}");
    }

    #[test]
    fn a_json_text_is_the_same_document_with_what_is_not_seen_spelled_out() {
        let value = serde_json::json!({"a\u{200b}": ["\u{202e}b", "\u{e0041}", "é\n\u{1b}"]});
        let text = serde_json::to_string_pretty(&value).expect("JSON");
        let clean = spelled_out(&text);
        assert!(
            !clean.contains(|c: char| is_unseen(c) && c != '\n'),
            "{clean}"
        );
        assert!(
            clean.contains(r"a\u200b") && clean.contains(r"\udb40\udc41"),
            "{clean}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&clean).expect("JSON"),
            value
        );
    }
}
