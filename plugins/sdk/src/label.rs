//! Labels: the one line that stands for a task in lists.

/// The most characters of a label.
pub const LONGEST: usize = 120;

/// The first line of `text` that is not blank, with single spaces between its words and at most [`LONGEST`]
/// characters; what had to go is told by `…`.
#[must_use]
pub fn of(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let mut label = String::new();
    for word in line.unwrap_or_default().split_whitespace() {
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(word);
        if label.len() > 4 * LONGEST {
            break;
        }
    }
    if label.chars().count() > LONGEST {
        label = label.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_first_line_with_words() {
        assert_eq!(of("\n  \n Fix\tthe   build \nthen rest"), "Fix the build");
        assert_eq!(of(" \n"), "");
    }

    #[test]
    fn a_long_line_is_cut_between_characters_at_120() {
        let label = of(&"ü".repeat(500));
        assert_eq!((label.chars().count(), label.ends_with("ü…")), (120, true));
        assert_eq!(of(&"ü".repeat(120)), "ü".repeat(120));
    }
}
