//! What the shell offers for an id, a stream, a session or a tool: those of the project here. Where there is none,
//! nothing is offered, and nothing is said.

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use sparkq_core::Status;
use sparkq_core::wire::Task;
use sparkq_store::{Page, TaskFilter, TaskQuery};

use super::door::{Door, wait};
use crate::queue::Queue;

/// The most that is offered.
const OFFERED: u32 = 200;

/// The active sessions first, then the ended ones.
pub(super) fn sessions() -> ArgValueCandidates {
    offer(|queue| {
        let sessions = wait(queue.sessions(page())).ok()?.value.items;
        let offer = |session: sparkq_core::wire::Session| {
            candidate(session.name.as_str(), &session.status.to_string())
        };
        Some(sessions.into_iter().map(offer).collect())
    })
}

/// Every stream, with what is queued.
pub(super) fn streams() -> ArgValueCandidates {
    offer(|queue| {
        let streams = wait(queue.streams(None, page())).ok()?.value.items;
        let offer = |stream: sparkq_core::wire::Stream| {
            let help = format!("{}, {} queued", stream.status, stream.counts.queued);
            candidate(stream.name.as_str(), &help)
        };
        Some(streams.into_iter().map(offer).collect())
    })
}

/// Every tool, with what it does.
pub(super) fn tools() -> ArgValueCandidates {
    offer(|queue| {
        let tools = wait(queue.tools()).ok()?;
        let offer = |tool: sparkq_core::wire::Tool| {
            candidate(&tool.definition.name, &tool.definition.title)
        };
        Some(tools.into_iter().map(offer).collect())
    })
}

/// Every task, newest first.
pub(super) fn tasks() -> ArgValueCandidates {
    offer(|queue| tasks_of(queue, None))
}

/// The running tasks, which can be completed or failed.
pub(super) fn running() -> ArgValueCandidates {
    offer(|queue| tasks_of(queue, Some(Status::Running)))
}

/// The queued tasks, which can be cancelled.
pub(super) fn queued() -> ArgValueCandidates {
    offer(|queue| tasks_of(queue, Some(Status::Queued)))
}

/// The failed tasks, which can be requeued.
pub(super) fn failed() -> ArgValueCandidates {
    offer(|queue| tasks_of(queue, Some(Status::Failed)))
}

fn tasks_of(queue: &Queue, status: Option<Status>) -> Option<Vec<CompletionCandidate>> {
    let query = TaskQuery {
        filter: TaskFilter {
            status,
            ..TaskFilter::default()
        },
        page: page(),
    };
    let offer = |task: Task| {
        candidate(
            task.id.as_str(),
            &format!("{}: {}", task.status, task.label),
        )
    };
    let tasks = wait(queue.tasks(query)).ok()?.value.items;
    Some(tasks.into_iter().map(offer).collect())
}

fn offer(
    look: impl Fn(&Queue) -> Option<Vec<CompletionCandidate>> + Send + Sync + 'static,
) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let door = Door::find(None, false).ok();
        let queue = door.and_then(|door| door.file().ok());
        queue.and_then(|queue| look(&queue)).unwrap_or_default()
    })
}

fn candidate(value: &str, help: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(super::ui::one_line(help).into()))
}

fn page() -> Page {
    Page {
        cursor: None,
        limit: OFFERED,
    }
}
