use clap::Args;
use sparkq_core::limits;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::{Document, Event, TaskDetail};

use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui, one_line};

/// How much of what an event says is shown, in characters.
const LONGEST_DATA: usize = 200;

/// How much of an output is shown to a program that did not ask for all of it, in bytes.
const LONGEST_OUTPUT: usize = 16 << 10;

/// Show everything about one task
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq task tsk_7f3k")]
pub(super) struct Task {
    /// The task: its id, or at least 4 characters of it after tsk_
    #[arg(add = candidates::tasks())]
    id: String,
    /// Show outputs whole, which is done on a terminal and with --json anyway
    #[arg(long)]
    full: bool,
}

impl Task {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let detail = door.task(self.id)?;
        if ui.wants_json() {
            return ui.json(&detail);
        }
        let whole = self.full || ui.is_on_terminal();
        ui.facts(&facts(&detail))?;
        for (heading, text) in blocks(&detail) {
            let is_output = matches!(heading, "Stdout" | "Stderr");
            if is_output && !whole && text.len() > LONGEST_OUTPUT {
                let heading = format!(
                    "{heading} (in part; all {} bytes: sparkq task {} --full)",
                    text.len(),
                    detail.task.id
                );
                ui.block(&heading, &limits::shorten(&text, LONGEST_OUTPUT))?;
            } else {
                ui.block(heading, &text)?;
            }
        }
        Ok(())
    }
}

/// What fits on a line each.
fn facts(detail: &TaskDetail) -> Vec<(&'static str, String)> {
    let task = &detail.task;
    let ran = detail.timing.ran_ms.map(spell_duration).unwrap_or_default();
    let status = if task.stale {
        format!(
            "{}, stale: {ran}, its timeout is {}",
            task.status, task.timeout
        )
    } else {
        task.status.to_string()
    };
    let chain = |ids: &[sparkq_core::TaskId]| {
        ids.iter()
            .map(sparkq_core::TaskId::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let moment = |time: Option<sparkq_core::Time>, took: String| {
        time.map(|time| format!("{time} (after {took})"))
            .unwrap_or_default()
    };
    let facts = [
        ("id", task.id.to_string()),
        ("label", task.label.clone()),
        ("status", status),
        (
            "stream",
            format!("{} ({})", task.stream_name, task.stream_id),
        ),
        ("tool", format!("{} ({})", task.tool_name, task.plugin)),
        (
            "class",
            format!("{}, timeout {}", task.task_class, task.timeout),
        ),
        ("worker", task.worker.clone().unwrap_or_default()),
        ("created", task.created_at.to_string()),
        (
            "started",
            moment(task.started_at, spell_duration(detail.timing.waited_ms)),
        ),
        (
            "finished",
            moment(
                task.finished_at,
                if ran.is_empty() {
                    spell_duration(detail.timing.waited_ms)
                } else {
                    ran
                },
            ),
        ),
        ("clone of", chain(&detail.history.requeued_from)),
        ("requeued as", chain(&detail.history.requeued_as)),
    ];
    facts.into()
}

/// One event on a line, with the beginning of what it says.
fn event(event: &Event) -> String {
    let said = event.data.as_ref().map(|data| {
        let mut text: String = data.as_str().chars().take(LONGEST_DATA).collect();
        if text.len() < data.as_str().len() {
            text.push('…');
        }
        format!(" {text}")
    });
    let (at, kind, actor) = (event.at, event.kind, &event.actor);
    one_line(&format!(
        "{at} {kind} by {actor}{}",
        said.unwrap_or_default()
    ))
}

/// What takes lines of its own, the most telling first.
fn blocks(detail: &TaskDetail) -> Vec<(&'static str, String)> {
    let task = &detail.task;
    let pretty =
        |document: &Document| serde_json::to_string_pretty(&document.value()).unwrap_or_default();
    let events = detail.history.events.iter().map(event);
    let blocks = [
        ("Summary", task.summary().unwrap_or_default()),
        ("Error", task.error.clone().unwrap_or_default()),
        ("Payload", pretty(&task.payload)),
        (
            "Result",
            task.result.as_ref().map(pretty).unwrap_or_default(),
        ),
        ("Stdout", detail.stdout.clone().unwrap_or_default()),
        ("Stderr", detail.stderr.clone().unwrap_or_default()),
        (
            "Instructions of the stream",
            detail.stream.instructions.clone(),
        ),
        ("Events", events.collect::<Vec<_>>().join("\n")),
    ];
    blocks.into()
}
