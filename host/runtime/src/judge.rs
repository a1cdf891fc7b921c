//! Judging what a worker handed in: the plugin's verdict, what it makes of the result, and the tool's own schema of it.

use serde_json::{Map, Value};
use sparkq_core::wire::Document;
use sparkq_core::{Issue, Severity, ToolDefinition, json};

use crate::binding::results::{Checked, Output, Run, Verdict};
use crate::check::{CheckError, document, said_no};
use crate::describe::shown;
use crate::fault::{Fault, FaultKind};
use crate::findings::findings;
use crate::limits::OUTPUT_TAIL;
use crate::plugin::{Context, Plugin};
use crate::text::sentence;

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
    let (checked, sure) = if judges {
        ask(plugin, context()?, tool, reported)?
    } else {
        (None, false)
    };
    let schema = tool.result_schema.as_ref();
    let schema = schema
        .map(|text| plugin.schema(&format!("{}, its results", tool.name), text.as_str()))
        .transpose()?;
    let Some(schema) = schema else {
        return Ok(Judged {
            result: checked.as_ref().map(shown),
            sure,
        });
    };
    if let Some(made) = checked {
        return match schema.check(&made).first() {
            None => Ok(Judged {
                result: Some(shown(&made)),
                sure,
            }),
            Some(issue) => {
                let why = format!("the result that it made breaks the tool's own schema: {issue}");
                Err(plugin.fault(CHECK, FaultKind::BadOutput, &why).into())
            }
        };
    }
    // Read before, and found to be JSON.
    let result = json::parse(reported.result).unwrap_or_default();
    match schema.check(&result) {
        found if found.is_empty() => Ok(Judged { result: None, sure }),
        found => Err(CheckError::Rejected(found)),
    }
}

/// Has the plugin look; gives the result that it wants to be stored, if it is another one, and whether it says that the
/// work is done.
fn ask(
    plugin: &Plugin,
    context: Context<'_>,
    tool: &ToolDefinition,
    reported: &Reported<'_>,
) -> Result<(Option<Value>, bool), CheckError> {
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
    // What was handed in was read before, and found to be JSON.
    let about = match &made {
        Some(made) => made,
        None => &json::parse(reported.result).unwrap_or_default(),
    };
    let mut found = findings(plugin, context, CHECK, found, about)?;
    let refused = found.iter().any(|issue| issue.severity == Severity::Error);
    if verdict == Verdict::Failed && !refused {
        found.insert(0, failed(summary.clone()));
    }
    if verdict == Verdict::Failed || refused {
        return Err(CheckError::Rejected(found));
    }
    let sure = verdict == Verdict::Succeeded;
    match made {
        None => Ok((None, sure)),
        Some(Value::Object(made)) => Ok((Some(with_summary(made, summary).into()), sure)),
        Some(other) => {
            let why = format!(
                "the result that it made is {}, and an object is needed",
                json::kind(&other)
            );
            Err(plugin.fault(CHECK, FaultKind::BadOutput, &why).into())
        }
    }
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

/// A stored result has a summary; one that the plugin leaves out is the sentence it said.
fn with_summary(mut made: Map<String, Value>, summary: String) -> Map<String, Value> {
    let has = matches!(made.get("summary"), Some(Value::String(text)) if !text.trim().is_empty());
    if !has {
        made.insert("summary".to_owned(), summary.into());
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
    use super::*;

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

    #[test]
    fn a_result_that_a_plugin_made_has_a_summary() {
        let made = with_summary(Map::new(), "fine".to_owned());
        assert_eq!(made["summary"], "fine");
        let own = [("summary".to_owned(), Value::from("its own"))];
        let made = with_summary(own.into_iter().collect(), "fine".to_owned());
        assert_eq!(made["summary"], "its own");
    }
}
