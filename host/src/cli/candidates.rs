//! What the shell offers for an id, a stream, a session or a tool: those of the queue that the line is
//! about. Where there is none, or it does not answer at once, nothing is offered, and nothing is said.

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use sparkq_core::Status;
use sparkq_core::wire::Task;
use sparkq_store::{Page, TaskFilter, TaskQuery};

use super::Global;
use super::door::Door;

/// The most that is offered.
const OFFERED: u32 = 200;

/// The active sessions first, then the ended ones.
pub(super) fn sessions() -> ArgValueCandidates {
    offer(|door| {
        let sessions = door.sessions().ok()?.items;
        let offer = |session: sparkq_core::wire::Session| {
            candidate(session.name.as_str(), &session.status.to_string())
        };
        Some(sessions.into_iter().map(offer).collect())
    })
}

/// Every stream, with what is queued.
pub(super) fn streams() -> ArgValueCandidates {
    offer(|door| {
        let streams = door.streams(None).ok()?.items;
        let offer = |stream: sparkq_core::wire::Stream| {
            let help = format!("{}, {} queued", stream.status, stream.counts.queued);
            candidate(stream.name.as_str(), &help)
        };
        Some(streams.into_iter().map(offer).collect())
    })
}

/// Every tool, with what it does.
pub(super) fn tools() -> ArgValueCandidates {
    offer(|door| {
        let tools = door.tools().ok()?.items;
        let offer = |tool: sparkq_core::wire::Tool| {
            candidate(&tool.definition.name, &tool.definition.title)
        };
        Some(tools.into_iter().map(offer).collect())
    })
}

/// Every plugin, with its state.
pub(super) fn plugins() -> ArgValueCandidates {
    offer(|door| {
        let plugins = door.plugins().ok()?.items;
        let offer =
            |plugin: sparkq_core::wire::Plugin| candidate(&plugin.name, plugin.state.as_str());
        Some(plugins.into_iter().map(offer).collect())
    })
}

/// Every task, newest first.
pub(super) fn tasks() -> ArgValueCandidates {
    offer(|door| tasks_of(door, None))
}

/// The running tasks, which can be completed or failed.
pub(super) fn running() -> ArgValueCandidates {
    offer(|door| tasks_of(door, Some(Status::Running)))
}

/// The queued tasks, which can be cancelled.
pub(super) fn queued() -> ArgValueCandidates {
    offer(|door| tasks_of(door, Some(Status::Queued)))
}

/// The failed tasks, which can be requeued.
pub(super) fn failed() -> ArgValueCandidates {
    offer(|door| tasks_of(door, Some(Status::Failed)))
}

fn tasks_of(door: &Door, status: Option<Status>) -> Option<Vec<CompletionCandidate>> {
    let query = TaskQuery {
        filter: TaskFilter {
            status,
            ..TaskFilter::default()
        },
        page: Page {
            cursor: None,
            limit: OFFERED,
        },
    };
    let offer = |task: Task| {
        candidate(
            task.id.as_str(),
            &format!("{}: {}", task.status, task.label),
        )
    };
    let tasks = door.tasks(query).ok()?.items;
    Some(tasks.into_iter().map(offer).collect())
}

fn offer(
    look: impl Fn(&Door) -> Option<Vec<CompletionCandidate>> + Send + Sync + 'static,
) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let found = Global::of_line().at_once().ok();
        let found = found.and_then(|door| look(&door)).unwrap_or_default();
        found.into_iter().take(OFFERED as usize).collect()
    })
}

fn candidate(value: &str, help: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(super::ui::one_line(help).into()))
}
