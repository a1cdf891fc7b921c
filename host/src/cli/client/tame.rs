//! What another machine says, cut to what a command repeats of it: whoever answers writes that.

use sparkq_core::wire::{Document, ErrorBody};

/// The most of a text that is repeated, in bytes.
const LONGEST: usize = 2 << 10;

/// The most findings.
const MOST: usize = 100;

/// The error with no part of it too long.
pub(super) fn body(mut body: ErrorBody) -> ErrorBody {
    body.error = short(&body.error);
    body.code = short(&body.code);
    body.hint = body.hint.map(|hint| short(&hint));
    body.fields.truncate(MOST);
    for field in &mut body.fields {
        field.pointer = short(&field.pointer);
        field.code = short(&field.code);
        field.message = short(&field.message);
        field.expected = field.expected.take().map(|text| short(&text));
        let fits = |value: &Document| value.as_str().len() <= LONGEST;
        field.suggestion = field.suggestion.take().filter(fits);
    }
    // The other end cannot know what became of other tries.
    body.done = None;
    body
}

/// The text, or its beginning and how much more there is.
pub(super) fn short(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let start = &text[..text.floor_char_boundary(LONGEST)];
    format!("{start}… ({} bytes more)", text.len() - start.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_between_two_characters() {
        assert_eq!(short("box"), "box");
        let cut = short(&"é".repeat(LONGEST));
        assert!(cut.ends_with("é… (2048 bytes more)"), "{}", cut.len());
        let odd = short(&format!("x{}", "é".repeat(LONGEST)));
        assert!(odd.ends_with("é… (2050 bytes more)"), "{}", odd.len());
    }
}
