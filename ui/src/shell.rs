//! Text as a shell takes it.

/// Spells one argument so that a POSIX shell hands it on as it is.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Spells a text that a command would take for a file if it began with `@`, and for standard input as `-` alone: a
/// space behind that makes it a text.
pub(crate) fn text(text: &str) -> String {
    match text {
        "-" => quoted("- "),
        _ if text.starts_with('@') => quoted(&format!("@{text}")),
        _ => quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::{quoted, text};

    #[test]
    fn a_text_is_never_taken_for_a_file_or_standard_input() {
        assert_eq!(
            ["a", "@b", "@@c d", "-", "-x"].map(text),
            ["a", "@@b", "'@@@c d'", "'- '", "-x"]
        );
    }

    #[test]
    fn what_needs_no_quotes_gets_none() {
        assert_eq!(
            ["auth", "tsk_7f3k", "", "a b", "it's", "$HOME", "~x"].map(quoted),
            [
                "auth",
                "tsk_7f3k",
                "''",
                "'a b'",
                r"'it'\''s'",
                "'$HOME'",
                "'~x'"
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn a_shell_hands_on_what_was_quoted(text in "[^\0]{0,40}") {
            let script = format!("printf %s {}", quoted(&text));
            let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
            prop_assert_eq!(String::from_utf8_lossy(&output.stdout), text);
        }
    }
}
