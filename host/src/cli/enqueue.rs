use clap::Args;
use sparkq_core::Refusal;
use sparkq_core::issue::apply_suggestions;
use sparkq_core::wire::{self, Check, Document};

use super::args::{Texts, timeout};
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};
use crate::queue::parse_batch;

/// How often suggestions are put into a payload: one may uncover the next.
const FIXES: u32 = 3;

/// Queue a task, and print its id
///
/// The tool's plugin checks the payload before anything is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq enqueue run-bash '{\"script_path\":\"scripts/build.sh\"}' --stream auth
  sparkq enqueue run-bash '{\"script_path\":\"scripts/build.sh\"}' --check
  sparkq enqueue --batch tasks.ndjson --stream auth")]
pub(super) struct Enqueue {
    /// The tool that the task is for
    #[arg(add = candidates::tools(), required_unless_present = "batch", conflicts_with = "batch")]
    tool: Option<String>,
    /// What the tool is to work on: a JSON object, @FILE, or - for standard input
    #[arg(required_unless_present = "batch", allow_hyphen_values = true)]
    payload: Option<String>,
    /// The stream that the task is for: id or name
    #[arg(long, required_unless_present_any = ["batch", "check"], add = candidates::streams())]
    stream: Option<String>,
    /// How long the task may run: 90, 90s, 9m, 2h or 3d; the tool decides when not given
    #[arg(long, allow_hyphen_values = true, conflicts_with = "batch")]
    timeout: Option<String>,
    /// Only check the payload, and print it as it would be kept
    #[arg(long, conflicts_with = "batch")]
    check: bool,
    /// Put the tool's suggestions into a payload that does not fit, and say which
    #[arg(long, conflicts_with = "batch")]
    fix: bool,
    /// Many tasks, all or none: a file (- for standard input) with a JSON object a line, as
    /// {"tool_name", "payload", "stream_id"?, "timeout"?}; --stream is for lines that name none
    #[arg(long, value_name = "FILE")]
    batch: Option<String>,
}

impl Enqueue {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        match self.batch {
            Some(file) => batch(&file, self.stream.as_deref(), door, ui),
            None => self.one(door, ui),
        }
    }

    fn one(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let tool = self.tool.unwrap_or_default();
        let mut payload = Texts::new(ui).object("PAYLOAD", self.payload.unwrap_or_default())?;
        let timeout = self
            .timeout
            .as_deref()
            .map(|text| timeout("--timeout", text))
            .transpose()?;
        if self.fix {
            payload = fix(&tool, payload, door, ui)?;
        }
        if self.check {
            return check(tool, payload, timeout, door, ui);
        }
        let task = door.enqueue(wire::Enqueue {
            tool_name: tool,
            payload,
            stream_id: self.stream,
            timeout,
        })?;
        if ui.wants_json() {
            return ui.json(&task);
        }
        ui.line(&task.id)?;
        ui.status(format_args!(
            "Queued {} in `{}`.",
            task.label, task.stream_name
        ));
        Ok(())
    }
}

/// Says what an enqueue would come to.
fn check(
    tool: String,
    payload: Document,
    timeout: Option<u64>,
    door: &Door,
    ui: &Ui,
) -> Result<(), Problem> {
    let checked = door.check(&tool, Check { payload, timeout })?;
    if !checked.ok {
        let plugin = door.tool(&tool)?.other_plugin().map(str::to_owned);
        let issues = checked.issues;
        return Err(Refusal::PayloadRejected {
            tool,
            plugin,
            issues,
        }
        .into());
    }
    if ui.wants_json() {
        return ui.json(&checked);
    }
    for issue in &checked.issues {
        ui.warn(issue);
    }
    match checked.payload {
        Some(payload) => ui.json(&payload),
        None => Ok(()),
    }
}

/// The payload with the tool's suggestions in it, as long as they lead on.
fn fix(tool: &str, payload: Document, door: &Door, ui: &Ui) -> Result<Document, Problem> {
    let mut payload = payload;
    for _ in 0..FIXES {
        let check = Check {
            payload: payload.clone(),
            timeout: None,
        };
        let checked = door.check(tool, check)?;
        let before = payload.value();
        let mut value = before.clone();
        let fixed = apply_suggestions(&mut value, &checked.issues);
        if checked.ok || fixed.is_empty() || value == before {
            break;
        }
        for place in fixed {
            let now = value.pointer(place).map(ToString::to_string);
            ui.warn(format_args!("{place} is now {}", now.unwrap_or_default()));
        }
        payload = value.into();
    }
    Ok(payload)
}

/// Queues every line of `file`, in order, all or none.
fn batch(file: &str, stream: Option<&str>, door: &Door, ui: &Ui) -> Result<(), Problem> {
    let source = if file == "-" {
        file.to_owned()
    } else {
        format!("@{}", file.trim_start_matches('@'))
    };
    let tasks = parse_batch(&Texts::new(ui).read("--batch", source)?, stream)?;
    let spinner = ui.spinner(format!("Queueing {} tasks", tasks.len()));
    let queued = door.enqueue_batch(tasks);
    spinner.finish_and_clear();
    let queued = queued?;
    if ui.wants_json() {
        return ui.json(&queued);
    }
    for id in &queued.ids {
        ui.line(id)?;
    }
    ui.status(format_args!("Queued {} tasks.", queued.ids.len()));
    Ok(())
}
