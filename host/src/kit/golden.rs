//! Holds a plugin to a golden case.

use serde_json::Value;
use sparkq_core::wire::Document;
use sparkq_core::{Issue, PluginRecord, ToolDefinition};
use sparkq_runtime::{CheckError, Checked, Fault, Isolation, Judged, Reported};

use super::around::{Around, Subject};
use super::case::{Case, Expected, Normalized, Verdict};
use super::differ::differences;
use super::finding::word;
use super::outcome::Outcome;

/// Runs a case in an instance of its own.
pub(super) fn run(subject: &Subject, record: &PluginRecord, name: &str, case: &Case) -> Outcome {
    let Some(tool) = record.tools.iter().find(|tool| tool.name == case.tool) else {
        let why = format!("tool: the plugin has no tool `{}`", case.tool);
        return Outcome::of(name, vec![why], None);
    };
    let around = match Around::of(case) {
        Ok(around) => around,
        Err(error) => {
            let why = format!("what it grants cannot be put into a folder: {error}");
            return Outcome::of(name, vec![why], None);
        }
    };
    let runtime = subject.runtime(Isolation::Call, &around);
    let index = subject.index(&around);
    let found = match &case.result {
        None => {
            let checked = runtime.check(&subject.name, tool, &case.payload, &index);
            payload(case, checked)
        }
        Some(result) => {
            let (payload, handed_in) = (
                Value::from(case.payload.clone()).to_string(),
                Value::from(result.clone()).to_string(),
            );
            let reported = Reported {
                task: None,
                payload: &payload,
                result: &handed_in,
                stdout: case.stdout.as_deref(),
                stderr: case.stderr.as_deref(),
                duration_ms: 1_000,
            };
            let judged = runtime.judge(&subject.name, record.judges, tool, &reported, &index);
            verdict(case, tool, judged)
        }
    };
    Outcome::of(name, found, Some(&runtime))
}

fn payload(case: &Case, checked: Result<Checked, CheckError>) -> Vec<String> {
    match checked {
        Ok(checked) => {
            let mut found = match (&case.issues, &case.normalized) {
                (Some(expected), _) => issues(expected, &checked.warnings),
                _ => Vec::new(),
            };
            if let Some(expected) = &case.normalized {
                found.extend(normalized(expected, &checked));
            }
            found
        }
        Err(CheckError::Rejected(rejected)) if case.normalized.is_none() => {
            issues(case.issues.as_deref().unwrap_or_default(), &rejected)
        }
        Err(CheckError::Rejected(rejected)) => {
            let rejected = rejected.iter().map(|issue| format!("\n  {issue}"));
            vec![format!(
                "it is to pass, and was rejected:{}",
                rejected.collect::<String>()
            )]
        }
        Err(CheckError::Fault(fault)) => vec![faulted(&fault)],
    }
}

fn verdict(case: &Case, tool: &ToolDefinition, judged: Result<Judged, CheckError>) -> Vec<String> {
    let (got, rejected) = match judged {
        Ok(judged) if judged.sure => (Verdict::Succeeded, Vec::new()),
        Ok(_) => (Verdict::Unsure, Vec::new()),
        Err(CheckError::Rejected(rejected)) => (Verdict::Failed, rejected),
        Err(CheckError::Fault(fault)) => return vec![faulted(&fault)],
    };
    let mut found = Vec::new();
    if let Some(expected) = case.verdict
        && expected != got
    {
        let why = rejected.iter().map(|issue| format!("\n  {issue}"));
        found.push(format!(
            "verdict of `{}`: expected {}, got {}{}",
            tool.name,
            expected.word(),
            got.word(),
            why.collect::<String>()
        ));
    } else if let Some(expected) = &case.issues {
        found.extend(issues(expected, &rejected));
    }
    found
}

/// What a call of the plugin that went wrong says.
pub(super) fn faulted(fault: &Fault) -> String {
    format!(
        "the plugin failed in {}: {} [{}]",
        fault.function,
        fault.message,
        fault.kind.word()
    )
}

fn issues(expected: &[Expected], got: &[Issue]) -> Vec<String> {
    let mut found = Vec::new();
    for number in 0..expected.len().max(got.len()) {
        let place = format!("issue {}", number + 1);
        match (expected.get(number), got.get(number)) {
            (Some(expected), Some(got)) => found.extend(
                issue(expected, got)
                    .into_iter()
                    .map(|what| format!("{place}: {what}")),
            ),
            (Some(expected), None) => found.push(format!(
                "{place}: expected {} [{}], got none",
                shown(&expected.pointer),
                expected.code
            )),
            (None, Some(got)) => found.push(format!("{place}: expected none, got {got}")),
            (None, None) => {}
        }
    }
    found
}

fn shown(pointer: &str) -> &str {
    if pointer.is_empty() {
        "(whole document)"
    } else {
        pointer
    }
}

fn issue(expected: &Expected, got: &Issue) -> Vec<String> {
    if expected.pointer != got.pointer || expected.code != got.code {
        let place = shown(&expected.pointer);
        return vec![format!("expected {place} [{}], got {got}", expected.code)];
    }
    let mut found = Vec::new();
    if let Some(message) = &expected.message
        && *message != got.message
    {
        found.push(format!(
            "message: expected `{message}`, got `{}`",
            got.message
        ));
    }
    if let Some(severity) = expected.severity
        && severity != got.severity
    {
        found.push(format!(
            "severity: expected {}, got {}",
            word(severity),
            word(got.severity)
        ));
    }
    if let Some(suggestion) = &expected.suggestion
        && Some(suggestion) != got.suggestion.as_ref().map(Document::value).as_ref()
    {
        let got = got.suggestion.as_ref().map(Document::to_string);
        found.push(format!(
            "suggestion: expected {suggestion}, got {}",
            got.as_deref().unwrap_or("none")
        ));
    }
    found
}

fn normalized(expected: &Normalized, got: &Checked) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(payload) = &expected.payload {
        let expected = Value::from(payload.clone());
        found.extend(differences("payload", &expected, &got.payload.value()));
    }
    let seconds = |seconds: u64| format!("{seconds}");
    for (what, expected, got) in [
        ("label", expected.label.clone(), Some(got.label.clone())),
        (
            "dedupe_key",
            expected.dedupe_key.clone(),
            got.dedupe_key.clone(),
        ),
        (
            "task_class",
            expected.task_class.clone(),
            got.limits.class.clone().map(String::from),
        ),
        (
            "timeout",
            expected.timeout.map(seconds),
            got.limits.timeout.map(|timeout| seconds(timeout.seconds())),
        ),
    ] {
        if let Some(expected) = expected
            && Some(&expected) != got.as_ref()
        {
            let got = got.map_or_else(|| "none".to_owned(), |got| format!("`{got}`"));
            found.push(format!("{what}: expected `{expected}`, got {got}"));
        }
    }
    found
}
