use clap::Args;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::Task;
use sparkq_core::{Refusal, Status, Time, limits};
use sparkq_store::{Page, TaskFilter, TaskQuery};

use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};
use crate::now;

/// List tasks, newest first
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq tasks --status failed --stream auth")]
pub(super) struct Tasks {
    /// Only of this status: queued, running, succeeded or failed
    #[arg(long)]
    status: Option<String>,
    /// Only of this stream: id or name
    #[arg(long, add = candidates::streams())]
    stream: Option<String>,
    /// Only for this tool
    #[arg(long)]
    tool: Option<String>,
    /// Only running ones that are past their timeout
    #[arg(long)]
    stale: bool,
    /// How many at most, 1 to 1000
    #[arg(long, allow_hyphen_values = true)]
    limit: Option<String>,
}

impl Tasks {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let now = now();
        let query = TaskQuery {
            filter: TaskFilter {
                status: self.status.as_deref().map(parse_status).transpose()?,
                stream: self.stream,
                tool: self.tool,
                stale_at: self.stale.then_some(now),
                ..TaskFilter::default()
            },
            page: Page {
                cursor: None,
                limit: self
                    .limit
                    .as_deref()
                    .map_or(Ok(limits::PAGE_DEFAULT), parse_limit)?,
            },
        };
        let tasks = door.tasks(query)?;
        if ui.wants_json() {
            return ui.json(&tasks);
        }
        let (shown, total) = (tasks.items.len(), tasks.total);
        let headings = [
            "id", "tool", "stream", "status", "created", "started", "finished", "duration",
            "worker", "label",
        ];
        // Who works is of interest while somebody does.
        let runs = |task: &Task| task.status == Status::Running;
        let somebody_works = tasks.items.iter().any(runs);
        let wanted = |heading: &str| somebody_works || heading != "worker";
        if shown > 0 {
            let rows = tasks.items.into_iter().map(|task| {
                let cells = headings.iter().zip(row(task, now));
                cells
                    .filter(|(heading, _)| wanted(heading))
                    .map(|(_, cell)| cell)
                    .collect()
            });
            let rows = rows.collect();
            let headings: Vec<_> = headings
                .into_iter()
                .filter(|heading| wanted(heading))
                .collect();
            ui.table(&headings, rows)?;
        }
        match tasks.next_cursor {
            Some(_) => ui.status(format_args!(
                "The newest {shown} of {total}; --limit shows more."
            )),
            None if shown == 0 => ui.status("There is no such task."),
            None => {}
        }
        Ok(())
    }
}

fn parse_status(text: &str) -> Result<Status, Refusal> {
    text.parse()
        .map_err(|error| Refusal::invalid("--status", text, error))
}

pub(super) fn parse_limit(text: &str) -> Result<u32, Refusal> {
    let limit = text
        .parse()
        .ok()
        .filter(|limit| (1..=limits::PAGE).contains(limit));
    limit.ok_or_else(|| Refusal::invalid("--limit", text, "not a number from 1 to 1000"))
}

fn row(task: Task, now: Time) -> Vec<String> {
    let duration = task.ran_for(now).map(spell_duration).unwrap_or_default();
    let status = if task.stale {
        format!("stale ({duration})")
    } else {
        task.status.to_string()
    };
    let moment = |time: Option<Time>| time.map(|time| time.to_string()).unwrap_or_default();
    let (created, started, finished) = (
        task.created_at.to_string(),
        moment(task.started_at),
        moment(task.finished_at),
    );
    vec![
        task.id.into(),
        task.tool_name,
        task.stream_name.into(),
        status,
        created,
        started,
        finished,
        duration,
        task.worker.unwrap_or_default(),
        task.label,
    ]
}
