//! Words that depend on how many there are.

/// How many tasks, in words: `1 task`, `3 tasks`.
pub(crate) fn tasks(count: u64) -> String {
    counted(count, "task")
}

/// How many of something whose name takes an `s`.
pub(crate) fn counted(count: u64, word: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {word}{end}")
}

/// `is` or `are`.
pub(crate) fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
