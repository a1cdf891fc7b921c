//! A golden case: one file of a plugin's tests, with what goes in and what has to come out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use sparkq_core::{Severity, json};

use super::script_case::ScriptCase;

/// The longest file of a case, in bytes.
const LONGEST: u64 = 16 << 20;

/// One case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// The tool.
    pub(super) tool: String,
    /// What is enqueued; for a result, the payload as it is stored.
    pub(super) payload: Map<String, Value>,
    /// Every finding, in order.
    pub(super) issues: Option<Vec<Expected>>,
    /// What the payload becomes.
    pub(super) normalized: Option<Normalized>,
    /// What a worker hands in.
    pub(super) result: Option<Map<String, Value>>,
    /// What the work printed.
    pub(super) stdout: Option<String>,
    /// What it printed besides.
    pub(super) stderr: Option<String>,
    /// What is said of the result.
    pub(super) verdict: Option<Verdict>,
    /// The scripts that the project has.
    #[serde(default)]
    pub(super) scripts: Vec<String>,
    /// The folders that are granted, with their files and what stands in these.
    #[serde(default)]
    pub(super) files: BTreeMap<String, BTreeMap<String, String>>,
    /// The variables that are granted.
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
    /// The plugin's settings.
    #[serde(default)]
    pub(super) config: Map<String, Value>,
}

/// One finding that has to be there. What is left out may be anything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) pointer: String,
    pub(super) code: String,
    pub(super) message: Option<String>,
    pub(super) severity: Option<Severity>,
    pub(super) suggestion: Option<Value>,
}

/// What a payload has to become. What is left out may be anything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Normalized {
    pub(super) payload: Option<Map<String, Value>>,
    pub(super) label: Option<String>,
    pub(super) dedupe_key: Option<String>,
    pub(super) task_class: Option<String>,
    pub(super) timeout: Option<u64>,
}

/// What is said of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// The plugin says that the work is done.
    Succeeded,
    /// The result is rejected.
    Failed,
    /// The worker's own word stands.
    Unsure,
}

impl Verdict {
    /// The verdict as a case spells it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unsure => "unsure",
        }
    }
}

/// The files of the cases in `folder`, in the order of their names; none where there is no such folder.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_case = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    let mut files: Vec<_> = paths.filter(is_case).collect();
    files.sort();
    files
}

/// What a file of the tests holds.
#[derive(Debug, Clone)]
pub(super) enum Golden {
    /// A payload or a result of a tool.
    Tool(Box<Case>),
    /// A script.
    Script(ScriptCase),
}

impl Golden {
    /// Reads a case, or says what is wrong with its file. It names a key where one is wrong.
    pub(super) fn read(path: &Path, tools: &[&str]) -> Result<Self, String> {
        let found = fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?;
        if !found.is_file() || found.len() > LONGEST {
            return Err(format!("is no file of at most {LONGEST} bytes"));
        }
        let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
        let keys =
            json::parse_object(&text).map_err(|error| format!("is not valid JSON: {error}"))?;
        if keys.contains_key("path") && !keys.contains_key("tool") {
            return ScriptCase::parse(&text).map(Self::Script);
        }
        let case: Case = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        case.check(tools)?;
        Ok(Self::Tool(Box::new(case)))
    }
}

impl Case {
    /// Whether it grants anything or has settings, so that the properties are looked at with the same.
    pub(super) fn grants(&self) -> bool {
        !self.files.is_empty() || !self.env.is_empty() || !self.config.is_empty()
    }

    fn check(&self, tools: &[&str]) -> Result<(), String> {
        if !tools.contains(&self.tool.as_str()) {
            let known = match tools {
                [] => "it has none".to_owned(),
                tools => format!("it has: {}", tools.join(", ")),
            };
            return Err(format!(
                "tool: the plugin has no tool `{}`; {known}",
                self.tool
            ));
        }
        match (&self.result, self.verdict) {
            (Some(_), None) => {
                return Err(
                    "verdict: must be given with `result`: succeeded, failed or unsure".to_owned(),
                );
            }
            (None, Some(_)) => return Err("verdict: is said of a `result`, give one".to_owned()),
            _ => {}
        }
        if self.result.is_some() && self.normalized.is_some() {
            return Err(
                "normalized: is about a payload, and `result` about a result; make two cases of it"
                    .to_owned(),
            );
        }
        if self.result.is_none() && (self.stdout.is_some() || self.stderr.is_some()) {
            return Err("stdout and stderr: belong to a `result`, give one".to_owned());
        }
        if self.result.is_none() && self.normalized.is_none() && self.issues.is_none() {
            return Err(
                "expects nothing: give `issues`, `normalized`, or `result` with `verdict`"
                    .to_owned(),
            );
        }
        let folders = self.files.iter().flat_map(|(grant, files)| {
            let below = files.keys().map(String::as_str);
            std::iter::once(grant.as_str()).chain(below)
        });
        for path in self.scripts.iter().map(String::as_str).chain(folders) {
            if !is_below(path) {
                return Err(format!(
                    "`{path}`: a path here leads down from its folder, with / between its parts"
                ));
            }
        }
        Ok(())
    }
}

/// Whether a path leads down from where it starts.
fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty()
        && !path.contains('\0')
        && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("case.json");
        fs::write(&path, text).expect("written");
        Golden::read(&path, &["act"]).expect_err("no case")
    }

    #[test]
    fn what_is_wrong_with_a_case_is_said_with_its_key() {
        let with = |rest: &str| format!(r#"{{"tool":"act","payload":{{}}{rest}}}"#);
        for (text, part) in [
            (with(r#","isues":[]"#), "unknown field `isues`"),
            (with(r#","issues":[{"pointer":"","kode":"a"}]"#), "`kode`"),
            (with(""), "expects nothing"),
            (
                with(r#","result":{}"#),
                "verdict: must be given with `result`",
            ),
            (with(r#","verdict":"failed""#), "give one"),
            (with(r#","issues":[],"stdout":"""#), "stdout"),
            (with(r#","issues":[],"scripts":["../a.sh"]"#), "`../a.sh`"),
            (
                with(r#","issues":[],"files":{"a":{"/b":""}}"#),
                "`/b`: a path",
            ),
            (with(r#","issues":[],"payload":{}"#), "is not valid JSON"),
            (
                r#"{"tool":"cat","payload":{},"issues":[]}"#.to_owned(),
                "no tool `cat`; it has: act",
            ),
            ("[]".to_owned(), "is not valid JSON"),
        ] {
            let why = why(&text);
            assert!(why.contains(part), "{text}: {why}");
        }
    }
}
