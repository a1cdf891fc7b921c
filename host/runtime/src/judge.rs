//! Judging what a worker handed in: the plugin's verdict, what it makes of the result, and the tool's own schema of it.

use serde_json::{Map, Value};
use sparkq_core::wire::Document;
use sparkq_core::{Issue, Severity, ToolDefinition, json};

use crate::binding::results::{Checked, Output, Run, Verdict};
use crate::check::{CheckError, document, said_no};
use crate::describe::shown;
use crate::fault::{Fault, FaultKind};
use crate::findings::findings;
use crate::journal::Level;
use crate::limits::OUTPUT_TAIL;
use crate::plugin::{Context, Plugin};
use crate::text::{log_line, sentence};

const CHECK: &str = "results.check";

/// The code of the finding that a plugin's `failed` comes to.
const FAILED: &str = "failed";

/// What a worker handed in, and for what.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// The task's id.
    pub task: Option<&'a str>,
    /// The task's payload, JSON.
    pub payload: &'a str,
    /// The result, JSON.
    pub result: &'a str,
    /// What the work printed.
    pub stdout: Option<&'a str>,
    /// What it printed besides.
    pub stderr: Option<&'a str>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// What became of a result that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The result to store instead; none keeps what was handed in.
    pub result: Option<Document>,
    /// Whether the plugin itself says that the work is done; else the worker's own word stands.
    pub sure: bool,
}

/// Judges a result. Where the plugin has no word in it, the tool's schema of results alone decides, and no plugin is
/// started.
pub(crate) fn judge<'a>(
    plugin: &Plugin,
    context: impl FnOnce() -> Result<Context<'a>, Fault>,
    judges: bool,
    tool: &ToolDefinition,
    reported: &Reported<'_>,
) -> Result<Judged, CheckError> {
    let Word { made, sure, advice } = if judges {
        ask(plugin, context()?, tool, reported)?
    } else {
        Word::default()
    };
    let result = made.as_ref().map(|made| stored(plugin, made)).transpose()?;
    let schema = tool.result_schema.as_ref();
    let schema = schema
        .map(|text| plugin.schema(&format!("{}, its results", tool.name), text.as_str()))
        .transpose()?;
    if let Some(schema) = schema {
        let found = match &made {
            Some(made) => schema.check(made),
            None => schema.check(&handed_in(reported)),
        };
        if let (Some(_), Some(issue)) = (&made, found.first()) {
            let why = format!("the result that it made breaks the tool's own schema: {issue}");
            return Err(plugin.fault(CHECK, FaultKind::BadOutput, &why).into());
        }
        if !found.is_empty() {
            return Err(CheckError::Rejected(found));
        }
    }
    keep(plugin, &advice, reported.task);
    Ok(Judged { result, sure })
}

/// Puts what was found in a result that passed into the journal, because whoever handed it in is told nothing but that it
/// was taken.
fn keep(plugin: &Plugin, advice: &[Issue], task: Option<&str>) {
    for issue in advice {
        let said = log_line(&issue.to_string());
        plugin.note(Level::Warn, CHECK, said, task);
    }
}

/// What was handed in, which was read before and found to be JSON.
fn handed_in(reported: &Reported<'_>) -> Value {
    json::parse(reported.result).unwrap_or_default()
}

/// What the plugin made, as it is stored; with all of it to be seen it may be longer than what the plugin wrote.
fn stored(plugin: &Plugin, made: &Value) -> Result<Document, Fault> {
    let (result, limit) = (shown(made), plugin.file.limits.document);
    let length = result.as_str().len();
    if length > limit {
        let why =
            format!("the result that it made takes {length} bytes, and at most {limit} are taken");
        return Err(plugin.fault(CHECK, FaultKind::BadOutput, &why));
    }
    Ok(result)
}

/// What a plugin says of a result that it lets pass.
#[derive(Default)]
struct Word {
    /// The result that it wants to be stored, if it is another one.
    made: Option<Value>,
    /// Whether it says that the work is done.
    sure: bool,
    /// What it found that does not stand in the way.
    advice: Vec<Issue>,
}

/// Has the plugin look.
fn ask(
    plugin: &Plugin,
    context: Context<'_>,
    tool: &ToolDefinition,
    reported: &Reported<'_>,
) -> Result<Word, CheckError> {
    let run = Run {
        tool: tool.name.clone(),
        payload: reported.payload.to_owned(),
        stdout: output(reported.stdout),
        stderr: output(reported.stderr),
        reported: reported.result.to_owned(),
        duration_ms: reported.duration_ms,
    };
    let answer = plugin.call(context, CHECK, |store, guest| {
        Some(guest.results.as_ref()?.call_check(store, &run))
    })?;
    let checked = answer.map_err(|said| said_no(plugin, CHECK, &said))?;
    let summary = sentence(&checked.summary);
    let Checked {
        verdict,
        data,
        issues: found,
        ..
    } = checked;
    let made = data
        .map(|text| document(plugin, CHECK, &text))
        .transpose()?;
    let handed_in = handed_in(reported);
    let about = made.as_ref().unwrap_or(&handed_in);
    let mut found = findings(plugin, context, CHECK, found, about)?;
    let refused = found.iter().any(|issue| issue.severity == Severity::Error);
    if verdict == Verdict::Failed && !refused {
        found.insert(0, failed(summary.clone()));
    }
    if verdict == Verdict::Failed || refused {
        return Err(CheckError::Rejected(found));
    }
    let sure = verdict == Verdict::Succeeded;
    let made = match made {
        None => None,
        Some(Value::Object(made)) => Some(with_summary(made, &handed_in, summary).into()),
        Some(other) => {
            let why = format!(
                "the result that it made is {}, and an object is needed",
                json::kind(&other)
            );
            return Err(plugin.fault(CHECK, FaultKind::BadOutput, &why).into());
        }
    };
    Ok(Word {
        made,
        sure,
        advice: found,
    })
}

/// The finding of a plugin that says no and nothing else.
fn failed(summary: String) -> Issue {
    Issue {
        pointer: String::new(),
        code: FAILED.to_owned(),
        message: summary,
        severity: Severity::Error,
        expected: None,
        suggestion: None,
    }
}

/// A stored result has a summary; one that the plugin leaves out is the worker's own, and where that is of no use the
/// sentence that the plugin said.
fn with_summary(
    mut made: Map<String, Value>,
    handed_in: &Value,
    said: String,
) -> Map<String, Value> {
    let usable = |summary: Option<&Value>| matches!(summary, Some(Value::String(text)) if !text.trim().is_empty());
    if !usable(made.get("summary")) {
        let own = handed_in.get("summary").cloned();
        let summary = own.filter(|own| usable(Some(own)));
        made.insert("summary".to_owned(), summary.unwrap_or(said.into()));
    }
    made
}

/// The end of what was printed, from the start of a line where there is one.
fn output(text: Option<&str>) -> Output {
    let text = text.unwrap_or_default();
    let cut = text.ceil_char_boundary(text.len().saturating_sub(OUTPUT_TAIL));
    let tail = match text[cut..].find('\n') {
        Some(end) if cut > 0 && end + 1 < text.len() - cut => &text[cut + end + 1..],
        _ => &text[cut..],
    };
    Output {
        tail: tail.as_bytes().to_vec(),
        total_bytes: text.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::journal::Journal;
    use crate::{Aside, PluginFile};

    #[test]
    fn a_plugin_sees_the_end_of_an_output_from_the_start_of_a_line() {
        let seen = |text: &str| String::from_utf8(output(Some(text)).tail).expect("text");
        assert_eq!(seen("a\nb"), "a\nb");
        let long = format!("{}\nlast\n", "x".repeat(OUTPUT_TAIL));
        assert_eq!(seen(&long), "last\n");
        let one_line = "ü".repeat(OUTPUT_TAIL);
        assert!(seen(&one_line).len() <= OUTPUT_TAIL && seen(&one_line).ends_with('ü'));
        assert_eq!(output(Some(&long)).total_bytes, long.len() as u64);
    }

    fn plugin(journal: &Arc<Journal>) -> Plugin {
        let file = PluginFile::new("p", "0", Vec::new());
        Plugin::new(file, journal, Aside::default())
    }

    #[test]
    fn a_result_that_a_plugin_made_is_measured_as_it_is_stored() {
        let plugin = plugin(&Arc::default());
        let made = |of: &str| json!({"a": of.repeat(300_000)});
        assert!(stored(&plugin, &made("x")).is_ok());
        let fault = stored(&plugin, &made("\u{200b}")).expect_err("a fault");
        assert_eq!(fault.kind, FaultKind::BadOutput);
        assert!(fault.message.contains("1800008 bytes"), "{fault}");
    }

    #[test]
    fn what_was_found_in_a_result_that_passed_stands_in_the_journal() {
        let journal = Arc::default();
        let issue = Issue {
            severity: Severity::Warning,
            ..failed("is odd".to_owned())
        };
        keep(&plugin(&journal), &[issue], Some("tsk_7f3k"));
        let lines = journal.take();
        assert_eq!(
            (lines[0].level, &*lines[0].message, lines[0].task.as_deref()),
            (
                Level::Warn,
                "(whole document): is odd [failed]",
                Some("tsk_7f3k")
            )
        );
    }

    #[test]
    fn a_result_that_a_plugin_made_has_a_summary() {
        let summary = |made: Value, handed_in: Value| {
            let Value::Object(made) = made else {
                panic!("no object");
            };
            with_summary(made, &handed_in, "fine".to_owned())["summary"].clone()
        };
        let workers = json!({"summary": "the worker's"});
        assert_eq!(
            summary(json!({"summary": "its own"}), workers.clone()),
            "its own"
        );
        for unusable in [json!({}), json!({"summary": " "}), json!({"summary": 1})] {
            assert_eq!(summary(unusable.clone(), workers.clone()), "the worker's");
            assert_eq!(summary(json!({}), unusable), "fine");
        }
    }
}
