//! Results of the tools that look at files: a list of findings, in which nothing is missing that anybody can see.

use std::collections::HashSet;

use serde_json::Value;
use sparkq_plugin::issues::{Issues, below};
use sparkq_plugin::look::{Found, Look};
use sparkq_plugin::path;
use sparkq_plugin::result::Reported;

use crate::validate::Payload;

/// What is wrong with a result.
pub(crate) fn judge(payload: &Payload, result: &Reported, project: &impl Look) -> Issues {
    let mut issues = Issues::default();
    result.check_exit_code(&mut issues);
    if let Some(findings) = listed(&mut issues, result) {
        let findings = sentences(&mut issues, findings);
        check_told(&mut issues, payload, &findings, project);
    }
    issues
}

/// The list of findings; an error is added when there is none.
fn listed<'a>(issues: &mut Issues, result: &'a Reported) -> Option<&'a Vec<Value>> {
    let (code, message) = match result.fields.get("findings") {
        Some(Value::Array(findings)) => return Some(findings),
        Some(_) => ("type", "is no list"),
        None => (
            "required",
            "is missing: list what you found, or nothing at all, as in []",
        ),
    };
    issues
        .error("/findings", code, message)
        .expected("a list of sentences, each with path and line");
    None
}

/// The findings, which are sentences; an error is added for each that is none.
fn sentences<'a>(issues: &mut Issues, findings: &'a [Value]) -> Vec<&'a str> {
    let mut sentences = Vec::new();
    for (place, finding) in findings.iter().enumerate() {
        match finding.as_str() {
            Some(text) if !text.trim().is_empty() => sentences.push(text),
            _ => {
                issues.error(below("/findings", place), "type", "is no sentence");
            }
        }
    }
    sentences
}

/// Adds an error for everything that the payload names, that is not there, and that no finding tells of.
fn check_told(issues: &mut Issues, payload: &Payload, findings: &[&str], project: &impl Look) {
    let paths = payload.directory.iter().chain(&payload.paths);
    let missing: Vec<_> = paths
        .filter(|path| project.at(path) == Found::Nothing)
        .collect();
    if missing.is_empty() {
        return;
    }
    let told = Told::by(findings);
    for path in missing.into_iter().filter(|path| !told.of(path)) {
        let message = format!(
            "say nothing of `{path}`, which is not there, seen from the folder of `sparkq.toml`: name it in one of \
             them, or fail the task"
        );
        issues.error("/findings", "not-found", message);
    }
}

/// What findings tell of.
struct Told<'a> {
    findings: &'a [&'a str],
    /// Their words, as paths are spelled.
    words: HashSet<String>,
}

impl<'a> Told<'a> {
    fn by(findings: &'a [&'a str]) -> Self {
        let words = findings
            .iter()
            .flat_map(|finding| finding.split(is_between));
        let words = words.filter(|word| !word.is_empty());
        let bare = |word: &'a str| [word, word.trim_end_matches(['.', '!', '?'])];
        Self {
            findings,
            words: words.flat_map(bare).map(path::clean).collect(),
        }
    }

    /// Whether one of them names a path, as a word of its own.
    fn of(&self, path: &str) -> bool {
        self.words.contains(path)
            || path.contains(is_between)
                && self.findings.iter().any(|finding| finding.contains(path))
    }
}

/// Whether a character stands between words, and hardly in a path.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "`'\"()[]<>,;:".contains(c)
}

#[cfg(test)]
mod tests {
    use sparkq_plugin::json;

    use super::*;

    const PROJECT: [(&str, Found); 3] = [
        ("dist", Found::Folder),
        ("dist/a.json", Found::File { empty: false }),
        ("secret", Found::Unknown),
    ];

    /// Place and code of what is wrong with a result.
    fn wrong(payload: &str, result: &str) -> Vec<(String, String)> {
        let payload = json::read(payload).expect("a payload");
        let result = json::read(result).expect("a result");
        let issues = judge(&payload, &result, &PROJECT).into_vec().into_iter();
        issues.map(|issue| (issue.pointer, issue.code)).collect()
    }

    fn at(pointer: &str, code: &str) -> (String, String) {
        (pointer.to_owned(), code.to_owned())
    }

    #[test]
    fn findings_are_sentences_in_a_list_that_may_be_empty() {
        let wrong = |result: &str| wrong(r#"{"directory":"dist"}"#, result);
        for fine in [
            r#"{"summary":"s","findings":[]}"#,
            r#"{"summary":"s","findings":["a.json:3: empty"]}"#,
        ] {
            assert_eq!(wrong(fine), [], "{fine}");
        }
        assert_eq!(wrong(r#"{"summary":"s"}"#), [at("/findings", "required")]);
        assert_eq!(
            wrong(r#"{"summary":"s","findings":"none"}"#),
            [at("/findings", "type")]
        );
        assert_eq!(
            wrong(r#"{"summary":"s","findings":["a",{}," "]}"#),
            [at("/findings/1", "type"), at("/findings/2", "type")]
        );
    }

    #[test]
    fn what_is_not_there_is_told_in_a_finding() {
        let payload = r#"{"directory":"out","paths":["dist/a.json","dist/b.json","secret"]}"#;
        let wrong = |findings: &str| {
            wrong(
                payload,
                &format!(r#"{{"summary":"s","findings":{findings}}}"#),
            )
        };
        let untold = || at("/findings", "not-found");
        assert_eq!(wrong("[]"), [untold(), untold()]);
        assert_eq!(wrong(r#"["out/ is not there"]"#), [untold()]);
        assert_eq!(wrong(r#"["Missing: ./dist/b.json, and `out`."]"#), []);
        assert_eq!(
            wrong(r#"["throughout, dist/b.json.bak is missing"]"#),
            [untold(), untold()]
        );
    }

    #[test]
    fn a_path_is_found_in_a_sentence_as_a_word_of_its_own() {
        for (sentence, path) in [
            ("dist/b.json:3: ends early", "dist/b.json"),
            ("there is no dist/b.json.", "dist/b.json"),
            ("(dist/b.json)", "dist/b.json"),
            ("the file my notes.md is missing", "my notes.md"),
            ("nothing at .env", ".env"),
        ] {
            assert!(Told::by(&[sentence]).of(path), "{sentence}");
        }
        for (sentence, path) in [
            ("dist/b.jsonl", "dist/b.json"),
            ("a/dist", "dist"),
            ("", "a"),
            ("...", "a"),
        ] {
            assert!(!Told::by(&[sentence]).of(path), "{sentence}");
        }
    }
}
