//! What is known of one task, and how an event changes it.

use sparkq_core::wire::{Event, EventKind, StreamBrief, Task, TaskDetail};
use sparkq_core::{Status, TaskId};

/// One task without what it printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Story {
    /// The task as it stands.
    pub(super) task: Task,
    /// Its stream.
    pub(super) stream: StreamBrief,
    /// The tasks it is a clone of, nearest first.
    pub(super) origins: Vec<TaskId>,
    /// Its clones, nearest first.
    pub(super) clones: Vec<TaskId>,
    /// What happened to it, oldest first.
    pub(super) events: Vec<Event>,
    /// Where tasks of the chain stand that are still there.
    pub(super) kin: Vec<(TaskId, Status)>,
    /// The newest event it includes.
    pub(super) seq: i64,
}

/// What an event comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// It is about something else, or known already.
    Nothing,
    /// It was taken in.
    Changed,
    /// It was taken in, and there is more that only the server has.
    Fetch,
}

/// How a task ended, where it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With a result.
    Succeeded,
    /// Its worker gave up.
    Failed,
    /// Nobody answered for too long.
    Expired,
    /// It was taken out of the queue.
    Cancelled,
}

impl Story {
    /// Takes over what was fetched; `seq` is the newest event it includes.
    pub(super) fn of(detail: TaskDetail, seq: i64) -> Self {
        let kin = detail.history.kin.into_iter();
        Self {
            task: detail.task,
            stream: detail.stream,
            origins: detail.history.requeued_from,
            clones: detail.history.requeued_as,
            events: detail.history.events,
            kin: kin.map(|kin| (kin.id, kin.status)).collect(),
            seq,
        }
    }

    /// Takes in an event.
    pub(super) fn hear(&mut self, event: &Event) -> Heard {
        if event.seq <= self.seq {
            return Heard::Nothing;
        }
        self.seq = event.seq;
        if event.task_id.as_ref() == Some(&self.task.id) {
            return self.take(event);
        }
        // A purge says of which stream, but not which tasks.
        if event.kind == EventKind::TaskPurged && event.stream_id.as_ref() == Some(&self.stream.id)
        {
            return Heard::Fetch;
        }
        let Some(task) = event.task.as_deref() else {
            return Heard::Nothing;
        };
        let is_clone = task
            .requeued_from
            .as_ref()
            .is_some_and(|from| *from == self.task.id || self.clones.contains(from));
        if is_clone && !self.clones.contains(&task.id) {
            self.clones.push(task.id.clone());
        }
        if self.is_kin(&task.id) {
            self.note(task.id.clone(), task.status);
            return Heard::Changed;
        }
        Heard::Nothing
    }

    fn take(&mut self, event: &Event) -> Heard {
        if let Some(task) = event.task.as_deref() {
            self.task.clone_from(task);
        }
        self.events.push(Event {
            task: None,
            ..event.clone()
        });
        // What was printed is in no event, nor are those that this one stands for.
        let prints = matches!(
            event.kind,
            EventKind::TaskCompleted | EventKind::TaskFailed | EventKind::TaskLate
        );
        if prints || !event.merged.is_empty() {
            return Heard::Fetch;
        }
        Heard::Changed
    }

    fn is_kin(&self, id: &TaskId) -> bool {
        self.origins.contains(id) || self.clones.contains(id)
    }

    /// Notes where a task of the chain stands.
    fn note(&mut self, id: TaskId, status: Status) {
        self.kin.retain(|(known, _)| *known != id);
        self.kin.push((id, status));
    }

    /// Where a task of the chain stands, as far as that is known.
    pub(super) fn status_of(&self, id: &TaskId) -> Option<Status> {
        if *id == self.task.id {
            return Some(self.task.status);
        }
        let mut kin = self.kin.iter();
        kin.find_map(|(known, status)| (known == id).then_some(*status))
    }

    /// The whole chain, oldest first.
    pub(super) fn chain(&self) -> Vec<TaskId> {
        let origins = self.origins.iter().rev().cloned();
        let this = std::iter::once(self.task.id.clone());
        origins
            .chain(this)
            .chain(self.clones.iter().cloned())
            .collect()
    }

    /// How it ended.
    pub(super) fn end(&self) -> Option<End> {
        let error = self.task.error.as_deref().unwrap_or_default();
        match self.task.status {
            Status::Queued | Status::Running => None,
            Status::Succeeded => Some(End::Succeeded),
            Status::Failed if self.task.started_at.is_none() => Some(End::Cancelled),
            Status::Failed if error.starts_with("Auto-failed:") => Some(End::Expired),
            Status::Failed => Some(End::Failed),
        }
    }
}

#[cfg(test)]
mod tests;
