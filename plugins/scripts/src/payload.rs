//! Payloads of the tools that run scripts: what a schema cannot say about them, and their canonical form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sparkq_plugin::index::Script;
use sparkq_plugin::issues::Issues;
use sparkq_plugin::look::{Found, Look};
use sparkq_plugin::payloads::Normalized;
use sparkq_plugin::types::{Fault, Issue};
use sparkq_plugin::{json, label, path};
use strsim::normalized_damerau_levenshtein;

use crate::tool::{self, Tool};

/// How many of the nearest paths are told.
const NEAREST: usize = 3;

/// Among how many of the nearest paths those are looked for.
const LOOKED_AT: u32 = 20;

/// Where scripts are known.
pub(crate) trait Index {
    /// The script at a path.
    fn lookup(&self, path: &str) -> Option<Script>;
    /// The known paths closest to one.
    fn nearest(&self, path: &str, limit: u32) -> Vec<String>;
}

/// A payload that fits the schema.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payload {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cwd: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<String, String>,
    script_path: String,
}

/// Every finding.
pub(crate) fn validate(
    tool: &Tool,
    payload: &Payload,
    index: &impl Index,
    project: &impl Look,
) -> Vec<Issue> {
    let mut issues = Issues::default();
    match index.lookup(&payload.script_path) {
        None => {
            let given = &payload.script_path;
            not_found(&mut issues, given, &nearest(tool, given, index));
        }
        Some(script) => other_language(&mut issues, tool, &script),
    }
    if let Some(cwd) = &payload.cwd {
        check_cwd(&mut issues, cwd, project);
    }
    issues.into_vec()
}

/// Adds what is wrong with the folder that the script is to run in.
fn check_cwd(issues: &mut Issues, cwd: &str, project: &impl Look) {
    if !issues.check_path("/cwd", cwd) {
        return;
    }
    let (code, message) = match project.at(cwd) {
        Found::Folder | Found::Unknown => return,
        Found::Nothing => (
            "not-found",
            "is not there: it has to be made first, or left out",
        ),
        Found::File { .. } => ("conflict", "is a file, and a folder is needed"),
    };
    issues
        .error("/cwd", code, message)
        .expected("a folder, relative to the folder of `sparkq.toml`");
}

/// The nearest paths of scripts that the tool runs; where there are none, the nearest of all.
fn nearest(tool: &Tool, path: &str, index: &impl Index) -> Vec<String> {
    let mut nearest = index.nearest(path, LOOKED_AT);
    let fits = |path: &String| {
        index
            .lookup(path)
            .is_some_and(|script| tool.runs(language(&script)))
    };
    let fitting: Vec<String> = nearest
        .iter()
        .filter(|path| fits(path))
        .take(NEAREST)
        .cloned()
        .collect();
    if fitting.is_empty() {
        nearest.truncate(NEAREST);
        return nearest;
    }
    fitting
}

/// How alike two paths must be for one to be a slip of the other, from 0 to 1.
const ALIKE: f64 = 0.7;

/// What the index says a script is written in; empty when it does not say.
fn language(script: &Script) -> &str {
    let language = script.attrs.iter().find(|(key, _)| key == "language");
    language.map_or("", |(_, language)| language)
}

fn not_found(issues: &mut Issues, given: &str, nearest: &[String]) {
    let Some(first) = nearest.first() else {
        let message = "not in the script index, which is empty";
        issues.error("/script_path", "not-found", message);
        return;
    };
    let listed = nearest.iter().map(|path| format!("`{path}`"));
    let listed = listed.collect::<Vec<_>>().join(", ");
    let message = format!("not in the script index; nearest: {listed}");
    let mut issue = issues.error("/script_path", "not-found", message);
    let issue = issue.expected(format!("one of: {}", nearest.join(", ")));
    // Only what was hardly meant otherwise is offered as a correction.
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    if name(given) == name(first) || normalized_damerau_levenshtein(given, first) >= ALIKE {
        issue.suggest(first);
    }
}

/// Complains when the script is clearly not one for this tool, and names the tool that runs it.
fn other_language(issues: &mut Issues, tool: &Tool, script: &Script) {
    let language = language(script);
    if tool.runs(language) {
        return;
    }
    let way_out = match tool::TOOLS.iter().find(|tool| tool.language == language) {
        Some(fitting) => format!("`{}` runs it", fitting.name),
        None => "call it from a shell script".to_owned(),
    };
    let (name, runs) = (tool.name, tool.language);
    let message = format!("is a {language} script, and `{name}` runs {runs} scripts; {way_out}");
    issues
        .error("/script_path", "conflict", message)
        .expected(format!("a {runs} script"));
}

/// The payload to store, with what the script's header says about class and timeout.
pub(crate) fn normalize(mut payload: Payload, index: &impl Index) -> Result<Normalized, Fault> {
    let script = index.lookup(&payload.script_path);
    payload.script_path = path::clean(&payload.script_path);
    let cwd = payload.cwd.map(|cwd| path::clean(&cwd));
    payload.cwd = cwd.filter(|cwd| cwd != ".");
    Ok(Normalized {
        payload: json::write(&payload)?,
        label: typed(&payload),
        dedupe_key: None,
        task_class: script.as_ref().and_then(|script| script.task_class.clone()),
        timeout_seconds: script.as_ref().and_then(|script| script.timeout_seconds),
        attrs: Vec::new(),
    })
}

/// The script and its arguments as one would type them.
fn typed(payload: &Payload) -> String {
    let mut typed = payload.script_path.clone();
    for arg in &payload.args {
        typed.push(' ');
        let plain = !arg.is_empty()
            && !arg.contains(|c: char| {
                c.is_whitespace() || matches!(c, '\'' | '"' | '$' | '`' | '\\')
            });
        let quoted = (!plain).then(|| format!("{arg:?}"));
        typed.push_str(quoted.as_ref().unwrap_or(arg));
        if typed.len() > 4 * label::LONGEST {
            break;
        }
    }
    label::of(&typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scripts(Vec<Script>);

    impl Index for Scripts {
        fn lookup(&self, path: &str) -> Option<Script> {
            let path = path::clean(path);
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

    const FOLDERS: [(&str, Found); 3] = [
        ("services", Found::Folder),
        ("notes.md", Found::File { empty: false }),
        ("secret", Found::Unknown),
    ];

    fn project() -> Scripts {
        Scripts(vec![
            script("scripts/a.sh", "shell", Some(7)),
            script("scripts/b.py", "python", None),
        ])
    }

    fn payload(text: &str) -> Payload {
        json::read(text).expect("a payload")
    }

    fn tool(name: &str) -> &'static Tool {
        let mut tools = tool::TOOLS.iter();
        tools.find(|tool| tool.name == name).expect("a tool")
    }

    fn findings(name: &str, text: &str, index: &impl Index) -> Vec<Issue> {
        validate(tool(name), &payload(text), index, &FOLDERS)
    }

    fn codes(text: &str) -> Vec<(String, String)> {
        findings("run-bash", text, &project())
            .into_iter()
            .map(|issue| (issue.pointer, issue.code))
            .collect()
    }

    #[test]
    fn an_unknown_script_is_answered_with_the_nearest_ones() {
        let issues = findings("run-bash", r#"{"script_path":"scripts/aa.sh"}"#, &project());
        assert_eq!(
            issues[0].message,
            "not in the script index; nearest: `scripts/a.sh`"
        );
        assert_eq!(issues[0].suggestion.as_deref(), Some(r#""scripts/a.sh""#));
        let issues = findings("run-python", r#"{"script_path":"scripts/a"}"#, &project());
        assert_eq!(
            issues[0].expected.as_deref(),
            Some("one of: scripts/b.py"),
            "of its own language"
        );
    }

    #[test]
    fn a_path_that_is_like_none_is_not_corrected() {
        let issues = findings("run-bash", r#"{"script_path":"/etc/passwd"}"#, &project());
        assert!(
            issues[0].message.contains("nearest"),
            "{}",
            issues[0].message
        );
        assert_eq!(issues[0].suggestion, None);
        let issues = findings("run-bash", r#"{"script_path":"tools/a.sh"}"#, &project());
        assert_eq!(
            issues[0].suggestion.as_deref(),
            Some(r#""scripts/a.sh""#),
            "the name is right"
        );
    }

    #[test]
    fn with_no_script_at_all_the_answer_says_so_and_suggests_nothing() {
        let none = Scripts(Vec::new());
        let issues = findings("run-bash", r#"{"script_path":"a.sh"}"#, &none);
        assert_eq!(
            (issues[0].message.as_str(), &issues[0].suggestion),
            ("not in the script index, which is empty", &None)
        );
    }

    #[test]
    fn a_script_of_another_language_is_told_the_tool_that_runs_it() {
        let project = Scripts(vec![
            script("a.sh", "shell", None),
            script("b.py", "python", None),
            script("c.rb", "ruby", None),
            script("d", "text", None),
        ]);
        let told = |name: &str, path: &str| {
            let payload = format!(r#"{{"script_path":"{path}"}}"#);
            let issues = findings(name, &payload, &project).into_iter();
            issues.map(|issue| issue.message).collect::<String>()
        };
        for (name, path, expected) in [
            (
                "run-bash",
                "b.py",
                "is a python script, and `run-bash` runs shell scripts; `run-python` runs it",
            ),
            (
                "run-bash-fast",
                "b.py",
                "is a python script, and `run-bash-fast` runs shell scripts; `run-python` runs it",
            ),
            (
                "run-python",
                "a.sh",
                "is a shell script, and `run-python` runs python scripts; `run-bash` runs it",
            ),
            (
                "run-bash",
                "c.rb",
                "is a ruby script, and `run-bash` runs shell scripts; call it from a shell script",
            ),
            ("run-python", "d", ""),
            ("run-bash-fast", "a.sh", ""),
        ] {
            assert_eq!(told(name, path), expected);
        }
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
    }

    #[test]
    fn a_script_runs_in_a_folder_that_is_there() {
        let told = |cwd: &str| {
            let issues = codes(&format!(
                r#"{{"script_path":"scripts/a.sh","cwd":"{cwd}"}}"#
            ));
            assert!(issues.iter().all(|(pointer, _)| pointer == "/cwd"));
            issues.into_iter().map(|(_, code)| code).collect::<String>()
        };
        for fine in ["services", "./services/", ".", "secret"] {
            assert_eq!(told(fine), "", "{fine}");
        }
        assert_eq!(told("service"), "not-found");
        assert_eq!(told("notes.md"), "conflict");
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
