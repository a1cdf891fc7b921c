//! Characters that are not seen themselves and change how others are.

use std::fmt::Write as _;

/// Whether a character would not be seen itself but change how others are: controls, directions, joiners, blanks of no
/// width, tags.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A JSON text over any number of lines, which stays the same document: what is not seen in its strings is spelled out.
#[must_use]
pub fn spelled_out(json: &str) -> String {
    let mut clean = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unseen(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(clean, "\\u{unit:04x}");
            }
        } else {
            clean.push(character);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

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
