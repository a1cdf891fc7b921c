//! The comments at the top of a file, line by line, whatever the language writes around them.

use crate::language::{Block, Style};

/// One line of the comments: its number, from 1, and its words without what marks it as a comment. A line that says
/// nothing, such as a blank one or a rule of dashes, is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) number: u32,
    pub(crate) text: &'a str,
}

/// Where the reading stands between two pieces of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not within a comment.
    Between,
    /// Within `/* … */`.
    Stars,
    /// Within `=begin … =end`.
    Begin,
    /// Within `--[[ … ]]`, with this many `=` between the brackets.
    Brackets(usize),
}

/// The lines of all comments before the first line of code. `#!` lines, `'use strict'` and blank lines are no code.
/// A comment that never ends, as in a file that was cut, goes to the end.
pub(crate) fn lines<'a>(text: &'a str, style: Style) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut state = State::Between;
    for (line, number) in text.lines().zip(1..) {
        let mut say = |text: &'a str| {
            let text = if says_nothing(text) { "" } else { text.trim() };
            lines.push(Line { number, text });
        };
        if number == 1 && line.starts_with("#!") {
            say("");
            continue;
        }
        let mut rest = line;
        loop {
            rest = match state {
                State::Between => match begin(rest, style) {
                    Begun::Line(comment) => {
                        say(comment);
                        break;
                    }
                    Begun::Block(within, after) => {
                        state = within;
                        after
                    }
                    Begun::Nothing => {
                        // What a block leaves of its last line says nothing more.
                        if std::ptr::eq(rest, line) {
                            say("");
                        }
                        break;
                    }
                    Begun::Code => return lines,
                },
                within => {
                    let (comment, after) = end(rest, within);
                    say(bare(comment, within));
                    let Some(after) = after else { break };
                    state = State::Between;
                    after
                }
            };
        }
    }
    lines
}

/// What the rest of a line begins with.
enum Begun<'a> {
    /// A comment up to the end of the line.
    Line(&'a str),
    /// A comment up to its mark, and what follows the one that opens it.
    Block(State, &'a str),
    /// White space, or what stands before comments without being code.
    Nothing,
    /// Code.
    Code,
}

fn begin(rest: &str, style: Style) -> Begun<'_> {
    let trimmed = rest.trim();
    if trimmed.is_empty() || (style.line == "//" && is_directive(trimmed)) {
        return Begun::Nothing;
    }
    let block = match style.block {
        Some(Block::Stars) => trimmed
            .strip_prefix("/*")
            .map(|after| (State::Stars, after.strip_prefix('!').unwrap_or(after))),
        Some(Block::Begin) => rest
            .strip_prefix("=begin")
            .filter(|after| after.is_empty() || after.starts_with(char::is_whitespace))
            .map(|after| (State::Begin, after)),
        Some(Block::Brackets) => trimmed.strip_prefix("--[").and_then(|after| {
            let inner = after.trim_start_matches('=');
            let depth = after.len() - inner.len();
            inner
                .strip_prefix('[')
                .map(|after| (State::Brackets(depth), after))
        }),
        None => None,
    };
    if let Some((state, after)) = block {
        return Begun::Block(state, after);
    }
    match trimmed.strip_prefix(style.line) {
        // `###`, `///` and `---` open a comment just as well.
        Some(comment) => Begun::Line(comment.trim_start_matches(&style.line[..1])),
        None => Begun::Code,
    }
}

/// Splits a line within a block at its end, if it is there: what is still comment, and what follows.
fn end(rest: &str, state: State) -> (&str, Option<&str>) {
    let split = match state {
        State::Stars => rest.split_once("*/"),
        State::Begin if rest.starts_with("=end") => Some(("", "")),
        State::Brackets(depth) => {
            let mark = format!("]{}]", "=".repeat(depth));
            rest.split_once(mark.as_str())
        }
        State::Begin | State::Between => None,
    };
    split.map_or((rest, None), |(comment, after)| (comment, Some(after)))
}

/// A line of a block without the `*` that decorates it.
fn bare(comment: &str, state: State) -> &str {
    if state == State::Stars {
        let trimmed = comment.trim_start();
        return trimmed.strip_prefix('*').unwrap_or(trimmed);
    }
    comment
}

/// `'use strict';` and its like, which stand before everything else in JavaScript.
fn is_directive(line: &str) -> bool {
    let line = line.trim_end_matches(';').trim_end();
    ['"', '\''].into_iter().any(|quote| {
        line.strip_prefix(quote)
            .and_then(|line| line.strip_suffix(quote))
            .is_some_and(|words| words.starts_with("use ") && !words.contains(quote))
    })
}

/// Whether a comment is a rule, or meant for a program: for an editor, a linter, an interpreter.
fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    let for_a_program = [
        "!",
        "-*-",
        "vim:",
        "coding:",
        "coding=",
        "encoding:",
        "frozen_string_literal:",
        "shellcheck ",
        "eslint-",
        "@ts-",
        "<reference ",
    ];
    !text.chars().any(char::is_alphanumeric)
        || for_a_program.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language;

    /// The comments at the top of a file of this name, numbered where they say something.
    fn read(path: &str, text: &str) -> Vec<String> {
        let language = language::of(path, "").expect("a known extension");
        let lines = lines(text, language.style).into_iter();
        lines
            .filter(|line| !line.text.is_empty())
            .map(|line| format!("{} {}", line.number, line.text))
            .collect()
    }

    #[test]
    fn each_language_comments_in_its_own_way() {
        for (path, text, expected) in [
            (
                "a.sh",
                "#!/bin/sh\n# one\n## two\n\n#three\nset -e\n# four\n",
                &["2 one", "3 two", "5 three"][..],
            ),
            (
                "a.py",
                "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n# one\n\"\"\"two\"\"\"\n",
                &["3 one"],
            ),
            (
                "a.rb",
                "# frozen_string_literal: true\n=begin\none\n  two\n=end\n# three\nputs 1\n",
                &["3 one", "4 two", "6 three"],
            ),
            ("a.rb", "=begin one\n=endless\n", &["1 one"]),
            (
                "a.js",
                "#!/usr/bin/env node\n'use strict';\n// one\n/// two\nlet a;\n// three",
                &["3 one", "4 two"],
            ),
            (
                "a.ts",
                "// @ts-check\n\"use client\"\n/** one\n * two\n *three\n four\n **/\n// five\nlet a",
                &["3 one", "4 two", "5 three", "6 four", "8 five"],
            ),
            (
                "a.mjs",
                "/*! one */ /* two */ // three\n/* four */ code(); // five",
                &["1 one", "1 two", "1 three", "2 four"],
            ),
            (
                "a.sql",
                "-- one\n--- two\n/* three\n * four */\nSELECT 1; -- five",
                &["1 one", "2 two", "3 three", "4 four"],
            ),
            (
                "a.lua",
                "#!/usr/bin/lua\n-- one\n--[[ two\nthree ]]\n--[==[ four ]] five\n]==]\nlocal a",
                &["2 one", "3 two", "4 three", "5 four ]] five"],
            ),
            ("a.lua", "--[ one\n--[=x two\n", &["1 [ one", "2 [=x two"]),
        ] {
            assert_eq!(read(path, text), expected, "{path}: {text}");
        }
    }

    #[test]
    fn rules_and_what_is_meant_for_programs_say_nothing() {
        for line in [
            "# =====",
            "#",
            "# vim: ts=4",
            "# shellcheck disable=SC2034",
            "########",
        ] {
            assert_eq!(read("a.sh", line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn a_comment_that_was_cut_is_read_to_its_end() {
        assert_eq!(read("a.js", "/* one\n * two"), ["1 one", "2 two"]);
        assert_eq!(read("a.lua", "--[[one"), ["1 one"]);
        assert_eq!(read("a.rb", "=begin\none"), ["2 one"]);
    }
}
