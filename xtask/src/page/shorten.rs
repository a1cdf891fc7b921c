//! Takes out of text what only its authors need: comments, indentation, and names that nothing compresses.

use std::collections::BTreeMap;

/// Short names for those with a hash in them, which the program and its JavaScript have for what they share.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Gives one of the program's names a short one, the same each time.
    pub(super) fn shorten(&mut self, name: &mut String) {
        if has_hash(name) {
            let next = format!("${}", self.0.len());
            name.clone_from(self.0.entry(name.clone()).or_insert(next));
        }
    }

    /// Returns the JavaScript with the short names.
    pub(super) fn in_script(&self, script: &str) -> String {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
        let mut short = String::with_capacity(script.len());
        for piece in script.split_inclusive(|letter| !is_part(letter)) {
            let word = piece.trim_end_matches(|letter| !is_part(letter));
            short.push_str(self.0.get(word).map_or(word, String::as_str));
            short.push_str(&piece[word.len()..]);
        }
        short
    }
}

/// Whether a name has 16 digits of a hash in it.
fn has_hash(name: &str) -> bool {
    let is_digit = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    let mut runs = name.split(|letter| !is_digit(letter));
    runs.any(|run| run.len() >= 16)
}

/// Returns JavaScript without indentation and without comments that have lines of their own.
/// One with a text over several lines is left as it is.
pub(super) fn script(script: &str) -> String {
    if script
        .lines()
        .any(|line| line.matches('`').count() % 2 == 1)
    {
        return script.to_owned();
    }
    let mut in_comment = false;
    let mut bare = String::with_capacity(script.len());
    for line in script.lines().map(str::trim) {
        let begins = line.starts_with("/*");
        let is_note = in_comment || begins || line.starts_with("//");
        in_comment = (in_comment || begins) && !line.ends_with("*/");
        if !is_note && !line.is_empty() {
            bare.push_str(line);
            bare.push('\n');
        }
    }
    bare
}

/// Returns a stylesheet without comments and indentation.
pub(super) fn style(style: &str) -> String {
    let mut bare = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (before, found) = rest.split_at(at);
        bare.push_str(before);
        let length = match found.as_bytes() {
            [b'/', b'*', ..] => found.find("*/").map_or(found.len(), |end| end + 2),
            [b'/', ..] => 1,
            [quote, ..] => found[1..]
                .find(char::from(*quote))
                .map_or(found.len(), |end| end + 2),
            [] => 0,
        };
        let (text, after) = found.split_at(length);
        if !text.starts_with("/*") {
            bare.push_str(text);
        }
        rest = after;
    }
    bare.push_str(rest);
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::new(), |all, line| all + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_hash_gets_the_same_short_one_everywhere() {
        let mut names = Names::default();
        let mut fetch = "__wbg_fetch_21015a0a4570ab44".to_owned();
        let mut again = fetch.clone();
        let mut cast = "__wbindgen_cast_0000000000000001".to_owned();
        let mut memory = "memory".to_owned();
        for name in [&mut fetch, &mut cast, &mut again, &mut memory] {
            names.shorten(name);
        }
        assert_eq!(
            [&*fetch, &*cast, &*again, &*memory],
            ["$0", "$1", "$0", "memory"]
        );
        let script =
            "__wbg_fetch_21015a0a4570ab44: (a) => memory, x___wbg_fetch_21015a0a4570ab44,é";
        assert_eq!(
            names.in_script(script),
            "$0: (a) => memory, x___wbg_fetch_21015a0a4570ab44,é"
        );
    }

    #[test]
    fn a_script_keeps_what_it_does() {
        let long = "/**\n * What it does.\n */\nfn(`a`) {\n    // Here.\n    a = '/* b */'; // c\n\n}\n/* d */\n";
        assert_eq!(script(long), "fn(`a`) {\na = '/* b */'; // c\n}\n");
        let text = "a = `\n  b\n`;\n";
        assert_eq!(script(text), text);
    }

    #[test]
    fn a_stylesheet_keeps_its_rules_and_texts() {
        let long = "/* Why. */\np::after {\n  content: \"/* a */\"; /* b */\n  background: url('x/y');\n}\n\na { b: 1 / 2 }\n";
        assert_eq!(
            style(long),
            "p::after {\ncontent: \"/* a */\";\nbackground: url('x/y');\n}\na { b: 1 / 2 }\n"
        );
        assert_eq!(style("a {} /* b"), "a {}\n");
    }
}
