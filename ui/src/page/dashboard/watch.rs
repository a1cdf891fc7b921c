//! What the dashboard keeps an eye on: what runs, what failed, and what came of the last ones; plain data.
//!
//! The invariant: a task is in at most one of the three lists, the one its last known state puts it in.

use std::iter;

use sparkq_core::wire::{Event, EventKind, Task};
use sparkq_core::{Status, TaskId, Time};

/// How many of the tasks that succeeded are kept, for their summaries.
const RECENT: usize = 30;

/// How many of those that failed are kept.
const FAILED: usize = 200;

/// The lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Watch {
    /// What runs, longest first.
    pub(super) running: Vec<Task>,
    /// What failed and was neither cancelled nor queued again, newest end first.
    pub(super) failed: Vec<Task>,
    /// What succeeded, newest end first.
    pub(super) succeeded: Vec<Task>,
    /// Whether more failed than is kept.
    pub(super) is_cut: bool,
}

impl Watch {
    /// Sorts tasks that were fetched into their lists. `known` are the originals of other tasks: they, like those of
    /// what was fetched, need nobody any more.
    pub(super) fn start(fetched: &[Task], known: &[TaskId]) -> Self {
        let mut watch = Self::default();
        for task in fetched {
            watch.put(task);
        }
        let originals = fetched
            .iter()
            .filter_map(|task| task.requeued_from.as_ref());
        for original in originals.chain(known) {
            watch.was_requeued(original);
        }
        watch
    }

    /// Takes in one event, and tells whether it was about a task. As often as it comes, it counts once.
    pub(super) fn apply(&mut self, event: &Event) -> bool {
        if let Some(task) = event.task.as_deref() {
            self.put(task);
            if let Some(original) = &task.requeued_from {
                self.was_requeued(original);
            }
        }
        if let (EventKind::TaskRequeued, Some(original)) = (event.kind, &event.task_id) {
            self.was_requeued(original);
        }
        event.task_id.is_some()
    }

    /// What failed since somebody looked.
    pub(super) fn failed_since(&self, looked: Time) -> impl Iterator<Item = &Task> {
        let is_new = move |task: &&Task| task.finished_at.is_some_and(|at| at > looked);
        self.failed.iter().filter(is_new)
    }

    /// The last tasks that ended, either way, newest first.
    pub(super) fn ended(&self, most: usize) -> Vec<&Task> {
        let (mut failed, mut succeeded) = (self.failed.iter(), self.succeeded.iter());
        let end = |task: Option<&Task>| task.map(|task| task.finished_at);
        // Both are in that order already.
        let newest = || {
            let first = end(failed.as_slice().first()) >= end(succeeded.as_slice().first());
            let (one, other) = if first {
                (&mut failed, &mut succeeded)
            } else {
                (&mut succeeded, &mut failed)
            };
            one.next().or_else(|| other.next())
        };
        iter::from_fn(newest).take(most).collect()
    }

    fn was_requeued(&mut self, original: &TaskId) {
        self.failed.retain(|task| task.id != *original);
    }

    fn put(&mut self, task: &Task) {
        for list in [&mut self.running, &mut self.failed, &mut self.succeeded] {
            list.retain(|held| held.id != task.id);
        }
        let newest_end = |held: &Task| held.finished_at >= task.finished_at;
        match task.status {
            Status::Queued => {}
            Status::Running => {
                let longer = |held: &Task| held.started_at <= task.started_at;
                let place = self.running.partition_point(longer);
                self.running.insert(place, task.clone());
            }
            Status::Failed if was_cancelled(task) => {}
            Status::Failed => {
                let place = self.failed.partition_point(newest_end);
                self.failed.insert(place, task.clone());
                self.is_cut |= self.failed.len() > FAILED;
                self.failed.truncate(FAILED);
            }
            Status::Succeeded => {
                let place = self.succeeded.partition_point(newest_end);
                self.succeeded.insert(place, task.clone());
                self.succeeded.truncate(RECENT);
            }
        }
    }
}

/// Whether a person took it out of the queue, so that nobody has to be told.
fn was_cancelled(task: &Task) -> bool {
    task.started_at.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(number: u32, status: Status, minute: u32) -> Task {
        let at = |minute: u32| format!("2026-01-01T00:{minute:02}:00.000Z");
        let started = (status != Status::Queued).then(|| at(minute));
        let finished = status.is_final().then(|| at(minute + 1));
        let task = serde_json::json!({
            "seq": number, "id": format!("tsk_0000000{number}"), "stream_id": "str_00000001", "stream_name": "auth",
            "tool_name": "run-bash", "plugin": "scripts@0.1.0#0", "task_class": "FAST_SCRIPT", "payload": {},
            "label": "", "status": status, "timeout": 30, "attempts": 1, "created_at": at(0), "updated_at": at(0),
            "started_at": started, "finished_at": finished,
        });
        serde_json::from_value(task).expect("a task")
    }

    fn event(kind: EventKind, task: &Task) -> Event {
        let event = serde_json::json!({
            "seq": 1, "at": "2026-01-01T00:00:00.000Z", "kind": kind, "actor": "a", "task_id": task.id, "task": task,
        });
        serde_json::from_value(event).expect("an event")
    }

    fn numbers<'a>(tasks: impl IntoIterator<Item = &'a Task>) -> Vec<i64> {
        tasks.into_iter().map(|task| task.seq).collect()
    }

    #[test]
    fn a_task_moves_from_what_runs_to_what_failed_once_however_often_it_is_told() {
        let running = [task(1, Status::Running, 3), task(2, Status::Running, 2)];
        let mut watch = Watch::start(&running, &[]);
        assert_eq!(numbers(&watch.running), [2, 1], "longest first");
        let failed = task(1, Status::Failed, 3);
        for _ in 0..2 {
            watch.apply(&event(EventKind::TaskFailed, &failed));
        }
        assert_eq!(
            (numbers(&watch.running), numbers(&watch.failed)),
            (vec![2], vec![1])
        );
    }

    #[test]
    fn what_was_queued_again_or_cancelled_needs_nobody() {
        let original = task(1, Status::Failed, 3);
        let mut clone = task(2, Status::Queued, 4);
        clone.requeued_from = Some(original.id.clone());
        let fetched = [original.clone(), clone.clone()];
        assert_eq!(Watch::start(&fetched, &[]).failed, []);
        let mut watch = Watch::start(&fetched[..1], &[]);
        watch.apply(&event(EventKind::TaskEnqueued, &clone));
        assert_eq!(watch.failed, []);
        let known = [original.id.clone()];
        assert_eq!(Watch::start(&fetched[..1], &known).failed, []);
        let mut cancelled = original;
        cancelled.started_at = None;
        assert_eq!(Watch::start(&[cancelled], &[]).failed, []);
    }

    #[test]
    fn only_what_failed_after_the_last_look_is_new() {
        let failed = [task(1, Status::Failed, 3), task(2, Status::Failed, 9)];
        let watch = Watch::start(&failed, &[]);
        let looked = "2026-01-01T00:05:00Z".parse().expect("a moment");
        assert_eq!(numbers(watch.failed_since(looked)), [2]);
        assert_eq!(numbers(watch.ended(5)), [2, 1]);
    }
}
