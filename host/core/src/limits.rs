//! How much of everything is taken. One table; the docs are written from it.

/// The largest HTTP request body, in bytes.
pub const BODY: usize = 16 << 20;
/// The largest payload, in bytes of JSON.
pub const PAYLOAD: usize = 1 << 20;
/// The largest result, in bytes of JSON.
pub const RESULT: usize = 1 << 20;
/// The longest instructions of a stream, in bytes.
pub const INSTRUCTIONS: usize = 256 << 10;
/// The longest error text of a failed task, in bytes.
pub const ERROR: usize = 64 << 10;
/// The longest description of a session, in bytes.
pub const DESCRIPTION: usize = 64 << 10;
/// The longest name of a worker, in bytes.
pub const WORKER: usize = 256;
/// How much of stdout and of stderr is kept, in bytes.
pub const OUTPUT: usize = 8 << 20;
/// How much of an output that is too long is kept from its start; the rest of [`OUTPUT`] is its end.
pub const OUTPUT_HEAD: usize = 1 << 20;
/// The most rows one page of a list has.
pub const PAGE: u32 = 1000;
/// The rows of a page whose size nobody asked for.
pub const PAGE_DEFAULT: u32 = 100;
/// The most names listed where an unknown one was given.
pub const NAMES_LISTED: usize = 20;

/// Shortens an output to [`OUTPUT`] bytes: its first MiB, a line that says how much is missing, and its end.
/// Cuts between characters.
#[must_use]
pub fn shorten_output(text: String) -> String {
    if text.len() <= OUTPUT {
        return text;
    }
    shorten(&text, OUTPUT)
}

/// Shortens an output to `most` bytes and the line that says what is missing, as [`shorten_output`] does.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let head = text.floor_char_boundary(OUTPUT_HEAD.min(most / 8));
    let tail = text.ceil_char_boundary(text.len() - (most - OUTPUT_HEAD.min(most / 8)));
    format!(
        "{}\n[sparkq: {} bytes left out here]\n{}",
        &text[..head],
        tail - head,
        &text[tail..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_within_the_limit_is_kept_byte_for_byte() {
        let text = "ü".repeat(OUTPUT / 2);
        assert!(shorten_output(text.clone()) == text);
    }

    #[test]
    fn a_longer_output_keeps_its_first_mib_and_its_end_and_says_what_is_missing() {
        let text = "a".repeat(OUTPUT) + &"€".repeat(OUTPUT / 2);
        let short = shorten_output(text);
        let line = short.lines().nth(1).unwrap_or_default();
        assert_eq!(line, "[sparkq: 12582913 bytes left out here]");
        assert!(short.starts_with(&"a".repeat(OUTPUT_HEAD)) && short.ends_with('€'));
        assert!(short.len() <= OUTPUT + line.len() + 2);
    }
}
