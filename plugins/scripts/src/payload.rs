//! Payloads of `run-bash`: what a schema cannot say about them, and their canonical form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sparkq_plugin::index::Script;
use sparkq_plugin::payloads::Normalized;
use sparkq_plugin::types::{Fault, Issue, Severity};

use crate::language::SHELL;

/// How many of the nearest paths are told.
const NEAREST: u32 = 3;

/// The most characters of a label.
const LABEL: usize = 120;

/// Where scripts are known.
pub(crate) trait Index {
    /// The script at a path.
    fn lookup(&self, path: &str) -> Option<Script>;
    /// The known paths closest to one.
    fn nearest(&self, path: &str, limit: u32) -> Vec<String>;
}

/// A payload that fits the schema. Its fields stand in the order of the alphabet, and so they are written.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Payload {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cwd: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<String, String>,
    script_path: String,
}

/// Reads a payload. The host has checked the schema, so what does not fit is a mistake of one of us.
pub(crate) fn read(json: &str) -> Result<Payload, Fault> {
    serde_json::from_str(json).map_err(internal)
}

fn internal(error: serde_json::Error) -> Fault {
    Fault {
        code: "internal".to_owned(),
        message: error.to_string(),
    }
}

/// Every finding.
pub(crate) fn validate(payload: &Payload, index: &impl Index) -> Vec<Issue> {
    let mut issues = Vec::new();
    match index.lookup(&payload.script_path) {
        None => issues.push(not_found(index.nearest(&payload.script_path, NEAREST))),
        Some(script) => issues.extend(other_language(&script)),
    }
    if payload.cwd.as_deref().is_some_and(leaves_the_project) {
        let message = "leads out of the project's folder";
        issues.push(Issue {
            expected: Some("a folder inside the project".to_owned()),
            ..error("/cwd", "conflict", message)
        });
    }
    issues
}

fn not_found(nearest: Vec<String>) -> Issue {
    let Some(first) = nearest.first() else {
        return error(
            "/script_path",
            "not-found",
            "not in the script index, which is empty",
        );
    };
    let listed = nearest
        .iter()
        .map(|path| format!("`{path}`"))
        .collect::<Vec<_>>()
        .join(", ");
    Issue {
        suggestion: Some(serde_json::Value::from(first.as_str()).to_string()),
        expected: Some(format!("one of: {}", nearest.join(", "))),
        ..error(
            "/script_path",
            "not-found",
            &format!("not in the script index; nearest: {listed}"),
        )
    }
}

/// A complaint when the script is clearly not one for a shell.
fn other_language(script: &Script) -> Option<Issue> {
    let (_, language) = script.attrs.iter().find(|(key, _)| key == "language")?;
    if language == SHELL || language == "text" || language.is_empty() {
        return None;
    }
    let message = format!("is a {language} script, and this tool runs shell scripts");
    Some(Issue {
        expected: Some("a shell script".to_owned()),
        ..error("/script_path", "conflict", &message)
    })
}

fn leaves_the_project(path: &str) -> bool {
    path.starts_with('/') || path.split('/').any(|part| part == "..")
}

fn error(pointer: &str, code: &str, message: &str) -> Issue {
    Issue {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
        severity: Severity::Error,
        expected: None,
        suggestion: None,
    }
}

/// The payload to store, with what the script's header says about class and timeout.
pub(crate) fn normalize(mut payload: Payload, index: &impl Index) -> Result<Normalized, Fault> {
    let script = index.lookup(&payload.script_path);
    payload.script_path = clean(&payload.script_path);
    payload.cwd = payload
        .cwd
        .map(|cwd| clean(&cwd))
        .filter(|cwd| !cwd.is_empty());
    Ok(Normalized {
        payload: serde_json::to_string(&payload).map_err(internal)?,
        label: label(&payload),
        dedupe_key: None,
        task_class: script.as_ref().and_then(|script| script.task_class.clone()),
        timeout_seconds: script.as_ref().and_then(|script| script.timeout_seconds),
        attrs: Vec::new(),
    })
}

/// The path without `.` and doubled `/`.
fn clean(path: &str) -> String {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect::<Vec<_>>()
        .join("/")
}

/// The script and its arguments as one would type them.
fn label(payload: &Payload) -> String {
    let mut label = payload.script_path.clone();
    for arg in &payload.args {
        label.push(' ');
        let plain = !arg.is_empty()
            && !arg.contains(|c: char| {
                c.is_whitespace() || matches!(c, '\'' | '"' | '$' | '`' | '\\')
            });
        let quoted = (!plain).then(|| format!("{arg:?}"));
        label.push_str(quoted.as_ref().unwrap_or(arg));
        if label.len() > 4 * LABEL {
            break;
        }
    }
    if label.chars().count() > LABEL {
        label = label.chars().take(LABEL - 1).chain(['…']).collect();
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scripts(Vec<Script>);

    impl Index for Scripts {
        fn lookup(&self, path: &str) -> Option<Script> {
            let path = clean(path);
            self.0.iter().find(|script| script.path == path).cloned()
        }

        fn nearest(&self, _path: &str, limit: u32) -> Vec<String> {
            self.0
                .iter()
                .take(limit as usize)
                .map(|script| script.path.clone())
                .collect()
        }
    }

    fn script(path: &str, language: &str, timeout_seconds: Option<u32>) -> Script {
        Script {
            path: path.to_owned(),
            name: path.to_owned(),
            description: String::new(),
            tags: Vec::new(),
            task_class: None,
            timeout_seconds,
            attrs: vec![("language".to_owned(), language.to_owned())],
        }
    }

    fn project() -> Scripts {
        Scripts(vec![
            script("scripts/a.sh", "shell", Some(7)),
            script("scripts/b.py", "python", None),
        ])
    }

    fn payload(json: &str) -> Payload {
        read(json).expect("a payload")
    }

    fn codes(json: &str) -> Vec<(String, String)> {
        validate(&payload(json), &project())
            .into_iter()
            .map(|issue| (issue.pointer, issue.code))
            .collect()
    }

    #[test]
    fn an_unknown_script_is_answered_with_the_nearest_ones() {
        let issues = validate(&payload(r#"{"script_path":"scripts/aa.sh"}"#), &project());
        assert_eq!(
            issues[0].message,
            "not in the script index; nearest: `scripts/a.sh`, `scripts/b.py`"
        );
        assert_eq!(issues[0].suggestion.as_deref(), Some(r#""scripts/a.sh""#));
    }

    #[test]
    fn with_no_script_at_all_the_answer_says_so_and_suggests_nothing() {
        let issues = validate(&payload(r#"{"script_path":"a.sh"}"#), &Scripts(Vec::new()));
        assert_eq!(
            (issues[0].message.as_str(), &issues[0].suggestion),
            ("not in the script index, which is empty", &None)
        );
    }

    #[test]
    fn every_finding_is_told_and_not_the_first_alone() {
        assert_eq!(
            codes(r#"{"script_path":"scripts/b.py","cwd":"../other"}"#),
            [
                ("/script_path".to_owned(), "conflict".to_owned()),
                ("/cwd".to_owned(), "conflict".to_owned())
            ]
        );
        assert_eq!(
            codes(r#"{"script_path":"scripts/a.sh","cwd":"services"}"#),
            []
        );
    }

    #[test]
    fn the_canonical_form_has_clean_paths_sorted_keys_and_nothing_empty() {
        let given =
            r#"{"script_path":"./scripts//a.sh","env":{"B":"2","A":"1"},"args":[],"cwd":"./"}"#;
        let normalized = normalize(payload(given), &project()).expect("normalized");
        assert_eq!(
            normalized.payload,
            r#"{"env":{"A":"1","B":"2"},"script_path":"scripts/a.sh"}"#
        );
        assert_eq!(
            (normalized.label.as_str(), normalized.timeout_seconds),
            ("scripts/a.sh", Some(7))
        );
        let again = normalize(payload(&normalized.payload), &project()).expect("normalized");
        assert_eq!(again.payload, normalized.payload);
    }

    #[test]
    fn the_label_is_what_one_would_type_on_one_line() {
        let normalized = normalize(
            payload(r#"{"script_path":"a.sh","args":["--fast","two words","x\ny"]}"#),
            &project(),
        );
        assert_eq!(
            normalized.expect("normalized").label,
            r#"a.sh --fast "two words" "x\ny""#
        );
        let long = format!(r#"{{"script_path":"a.sh","args":["{}"]}}"#, "ü".repeat(500));
        let normalized = normalize(payload(&long), &project()).expect("normalized");
        assert_eq!(normalized.label.chars().count(), 120);
    }
}
