//! Which files are scripts, and what they are written in. All these comment with `#`.

/// The files to read, by path.
pub(crate) const PATTERNS: [&str; 3] = ["**/*.sh", "**/*.bash", "**/*.py"];

/// The files to read whatever their path, by `#!` interpreter, and the interpreter's language.
pub(crate) const INTERPRETERS: [(&str, &str); 4] = [
    ("bash", SHELL),
    ("sh", SHELL),
    ("python3", PYTHON),
    ("python", PYTHON),
];

/// Any POSIX-like shell.
pub(crate) const SHELL: &str = "shell";
const PYTHON: &str = "python";

/// The language of a file, by its name, else by its first line; `text` when neither tells.
pub(crate) fn of(path: &str, first_line: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("sh" | "bash") => return SHELL,
        Some("py") => return PYTHON,
        _ => {}
    }
    let words = first_line
        .strip_prefix("#!")
        .unwrap_or_default()
        .split_whitespace();
    let mut programs = words.map(|word| word.rsplit('/').next().unwrap_or(word));
    let named = |program: &str| INTERPRETERS.iter().find(|(name, _)| *name == program);
    programs
        .find_map(named)
        .map_or("text", |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_language_and_else_the_first_line() {
        assert_eq!(of("a/b.sh", ""), SHELL);
        assert_eq!(of("a.py", "#!/bin/bash"), PYTHON);
        assert_eq!(of("tools/go", "#!/usr/bin/env -S bash -e"), SHELL);
        assert_eq!(of("tools/go", "hello"), "text");
    }
}
