//! Which files are scripts, what they are written in, and how that language comments.

/// How a language comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// What begins a comment that ends with its line.
    pub(crate) line: &'static str,
    /// What begins and ends a comment of several lines.
    pub(crate) block: Option<Block>,
}

/// A comment of several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    /// `/*` to `*/`; every line may begin with a `*`.
    Stars,
    /// A line that begins with `=begin` to one that begins with `=end`.
    Begin,
    /// `--[[` to `]]`, with as many `=` between the brackets at both ends.
    Brackets,
}

/// One language. An extension and an interpreter each stand for one language alone.
#[derive(Debug)]
pub(crate) struct Language {
    /// As the index spells it.
    pub(crate) name: &'static str,
    /// How the names of its files end, without the dot.
    pub(crate) extensions: &'static [&'static str],
    /// The programs of a `#!` line, without their folder.
    pub(crate) interpreters: &'static [&'static str],
    /// How it comments.
    pub(crate) style: Style,
}

const HASH: Style = Style {
    line: "#",
    block: None,
};
const SLASHES: Style = Style {
    line: "//",
    block: Some(Block::Stars),
};

/// Every language that is known.
pub(crate) const LANGUAGES: [Language; 7] = [
    Language {
        name: "shell",
        extensions: &["sh", "bash", "zsh", "ksh"],
        interpreters: &["sh", "bash", "zsh", "ksh", "dash", "ash", "mksh"],
        style: HASH,
    },
    Language {
        name: "python",
        extensions: &["py"],
        interpreters: &[
            "python",
            "python3",
            "python3.9",
            "python3.10",
            "python3.11",
            "python3.12",
            "python3.13",
            "python3.14",
            "pypy3",
            "uv",
        ],
        style: HASH,
    },
    Language {
        name: "ruby",
        extensions: &["rb"],
        interpreters: &["ruby"],
        style: Style {
            line: "#",
            block: Some(Block::Begin),
        },
    },
    Language {
        name: "javascript",
        extensions: &["js", "mjs", "cjs"],
        interpreters: &["node", "nodejs"],
        style: SLASHES,
    },
    Language {
        name: "typescript",
        extensions: &["ts", "mts", "cts"],
        interpreters: &["deno", "bun", "ts-node", "tsx"],
        style: SLASHES,
    },
    Language {
        name: "sql",
        extensions: &["sql"],
        interpreters: &[],
        style: Style {
            line: "--",
            block: Some(Block::Stars),
        },
    },
    Language {
        name: "lua",
        extensions: &["lua"],
        interpreters: &["lua", "lua5.1", "lua5.2", "lua5.3", "lua5.4", "luajit"],
        style: Style {
            line: "--",
            block: Some(Block::Brackets),
        },
    },
];

/// The language of a file, by its name, else by the program of its `#!` line; none when neither tells.
pub(crate) fn of(path: &str, first_line: &str) -> Option<&'static Language> {
    let extension = base(path).rsplit_once('.').map(|(_, extension)| extension);
    let by = |names: fn(&Language) -> &[&str], name: &str| {
        LANGUAGES
            .iter()
            .find(|language| names(language).contains(&name))
    };
    extension
        .and_then(|extension| by(|language| language.extensions, extension))
        .or_else(|| by(|language| language.interpreters, program(first_line)?))
}

/// What follows the last `/`.
fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// The base name of the program in a `#!` line; of `#!/usr/bin/env -S LANG=C bash -e` it is `bash`.
fn program(first_line: &str) -> Option<&str> {
    let mut words = first_line.strip_prefix("#!")?.split_whitespace();
    let program = base(words.next()?);
    if program != "env" {
        return Some(program);
    }
    let is_program = |word: &&str| !word.starts_with('-') && !word.contains('=');
    words.find(is_program).map(base)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn name(path: &str, first_line: &str) -> &'static str {
        of(path, first_line).map_or("none", |language| language.name)
    }

    #[test]
    fn the_name_tells_the_language_and_else_the_first_line() {
        for (path, first_line, expected) in [
            ("a/b.sh", "", "shell"),
            ("a.py", "#!/bin/bash", "python"),
            ("tools/go", "#!/usr/bin/env -S LANG=C bash -e", "shell"),
            ("tools/go.v2", "#!/usr/bin/python3.12 -u", "python"),
            ("tools/go", "#!/usr/bin/env -S uv run --script", "python"),
            ("tools/go", "#!/usr/bin/env -S deno run -A", "typescript"),
            ("a.cjs", "", "javascript"),
            ("a.mts", "", "typescript"),
            ("go", "#! /usr/bin/env node", "javascript"),
            ("go", "#!/usr/bin/luajit", "lua"),
            ("schema.sql", "-- x", "sql"),
            ("go.rb", "", "ruby"),
            ("tools/go", "hello", "none"),
            ("tools.sh/go", "#!", "none"),
            ("tools/go", "#!/usr/bin/env", "none"),
        ] {
            assert_eq!(name(path, first_line), expected, "{path} {first_line}");
        }
    }

    #[test]
    fn no_extension_and_no_interpreter_stands_for_two_languages() {
        let mut seen = HashSet::new();
        for language in &LANGUAGES {
            for extension in language.extensions {
                assert!(seen.insert(("extension", extension)), "{extension}");
            }
            for interpreter in language.interpreters {
                assert!(seen.insert(("interpreter", interpreter)), "{interpreter}");
            }
        }
    }
}
