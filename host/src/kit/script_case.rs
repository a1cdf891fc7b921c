//! A golden case of an indexer: a script, and what the index has to hold of it.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use sparkq_core::Script;
use sparkq_core::nearest::nearest;
use sparkq_runtime::Isolation;

use super::around::{Around, Subject};
use super::differ::differences;
use super::golden::faulted;
use super::outcome::Outcome;

/// What a case can say of a script.
const KEYS: [&str; 8] = [
    "name",
    "description",
    "language",
    "tags",
    "outputs",
    "params",
    "task_class",
    "timeout",
];

/// One case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptCase {
    /// Where the script lies.
    path: String,
    /// How it begins.
    text: String,
    /// What is known of it, as far as it is said here; null for a file that is no script.
    #[serde(deserialize_with = "given")]
    script: Option<Map<String, Value>>,
    /// What is wrong with its header, in order.
    findings: Option<Vec<Line>>,
}

/// One thing that is wrong with a header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    line: u32,
    code: String,
}

/// A key that may be null, but not left out.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Map<String, Value>>, D::Error> {
    Option::deserialize(from)
}

impl ScriptCase {
    /// Reads a case, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let case: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut keys = case.script.iter().flat_map(Map::keys);
        if let Some(unknown) = keys.find(|key| !KEYS.contains(&key.as_str())) {
            let known = nearest(unknown, KEYS).join(", ");
            return Err(format!(
                "script: `{unknown}` is nothing that is known of a script; that is {known}"
            ));
        }
        Ok(case)
    }

    /// Has the plugin read the script, in an instance of its own.
    pub(super) fn run(&self, subject: &Subject, around: &Around, name: &str) -> Outcome {
        let runtime = subject.runtime(Isolation::Call, around);
        let read = runtime.read_script(&subject.name, &self.path, self.text.as_bytes());
        let found = match read {
            Ok(script) => self.compare(script.as_ref()),
            Err(fault) => vec![faulted(&fault)],
        };
        Outcome::of(name, found, Some(&runtime))
    }

    fn compare(&self, script: Option<&Script>) -> Vec<String> {
        let (expected, got) = match (&self.script, script) {
            (None, None) => return Vec::new(),
            (None, Some(got)) => {
                return vec![format!("it is to be no script, and is `{}`", got.name)];
            }
            (Some(_), None) => return vec!["it is to be a script, and is none".to_owned()],
            (Some(expected), Some(got)) => (expected, got),
        };
        let all = serde_json::to_value(got).unwrap_or_default();
        let of_it = |key: &String| (key.clone(), all.get(key).cloned().unwrap_or_default());
        let said: Map<String, Value> = expected.keys().map(of_it).collect();
        let mut found = differences("script", &expected.clone().into(), &said.into());
        let lines = got.findings.iter().map(|finding| Line {
            line: finding.line,
            code: finding.code.clone(),
        });
        let lines: Vec<Line> = lines.collect();
        if let Some(expected) = &self.findings
            && *expected != lines
        {
            let shown = |lines: &[Line]| {
                let lines = lines.iter();
                let lines: Vec<_> = lines
                    .map(|line| format!("line {} [{}]", line.line, line.code))
                    .collect();
                match &lines[..] {
                    [] => "none".to_owned(),
                    lines => lines.join(", "),
                }
            };
            found.push(format!(
                "findings: expected {}, got {}",
                shown(expected),
                shown(&lines)
            ));
        }
        found
    }
}
