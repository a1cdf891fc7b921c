//! The rules by which events change what a page holds; plain data, no signals, no browser.
//!
//! The invariant: counts, streams and rows each know the newest event they include, and take in newer ones only. So however
//! fetches and events interleave, and however often an event arrives, it counts once.

use std::collections::HashMap;

use sparkq_core::wire::{Counts, Event, EventKind, List, Overview, Stream, Task};
use sparkq_core::{Age, Status, TaskId, Time, Timeout};

use crate::client::Answer;

/// Everything a page starts from. The tasks were fetched first, so the other two are at least as new.
pub(crate) struct Snapshot {
    /// The newest tasks, newest first.
    pub(crate) tasks: Answer<List<Task>>,
    /// The queue in a few numbers.
    pub(crate) overview: Answer<Overview>,
    /// All streams.
    pub(crate) streams: Answer<List<Stream>>,
}

/// What has to be fetched, ordered by how much and how soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Missing {
    /// Nothing: what is held is exact.
    #[default]
    Nothing,
    /// Counts and streams, once the queue rests. Several events of one task may arrive as the last of them; when such a step
    /// spans the moment of a fetch, nobody can tell which of its ends the fetched counts include.
    Rest,
    /// Counts and streams, now: there is a stream that is not held.
    Streams,
    /// All of it.
    Everything,
}

impl Missing {
    /// What is missing after an event of a kind that this page does not know.
    pub(crate) fn after(kind: &str) -> Self {
        match kind.split_once('.') {
            Some(("task", _)) => Self::Everything,
            Some(("stream" | "session", _)) => Self::Streams,
            _ => Self::Nothing,
        }
    }
}

/// What an event changed, so that only those who show it are woken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// The counts did.
    pub(crate) counts: bool,
    /// The counts of a stream did.
    pub(crate) streams: bool,
    /// This row did, and stands where it stood.
    pub(crate) row: Option<TaskId>,
    /// Rows came or went.
    pub(crate) rows: bool,
}

/// What a page holds of the queue.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    capacity: usize,
    /// The newest event that was taken in.
    seq: i64,
    counts: Counts,
    counts_seq: i64,
    streams: Vec<Stream>,
    streams_seq: i64,
    rows: Vec<Task>,
    /// The newest task when the rows were fetched: one that is newer, and unknown, was made since.
    newest: i64,
    /// Every unfinished task that was seen, also when it is no row any more.
    live: HashMap<TaskId, Live>,
    /// How many stale tasks the server counted that were never seen.
    stale_unseen: u64,
    missing: Missing,
}

/// An unfinished task.
#[derive(Debug, Clone, Copy)]
struct Live {
    status: Status,
    started_at: Option<Time>,
    timeout: Timeout,
}

impl Live {
    fn is_stale(&self, now: Time) -> bool {
        self.status == Status::Running
            && self
                .started_at
                .is_some_and(|started| Age::of(started, self.timeout, now) != Age::Fresh)
    }
}

impl Ledger {
    /// Starts from `snapshot` and keeps at most `capacity` rows.
    pub(crate) fn start(snapshot: Snapshot, capacity: usize) -> Self {
        let Snapshot {
            tasks,
            overview,
            streams,
        } = snapshot;
        let mut rows = tasks.body.items;
        rows.truncate(capacity);
        let stale_rows = rows.iter().map(|task| u64::from(task.stale)).sum();
        let mut ledger = Self {
            capacity,
            seq: tasks.seq,
            counts: overview.body.tasks,
            counts_seq: overview.seq,
            streams: streams.body.items,
            streams_seq: streams.seq,
            newest: rows.first().map_or(i64::MIN, |task| task.seq),
            live: HashMap::new(),
            stale_unseen: overview.body.stale.saturating_sub(stale_rows),
            rows: Vec::new(),
            missing: Missing::Nothing,
        };
        ledger.missing = ledger.exactness();
        for task in &rows {
            ledger.remember(task, task.status);
        }
        ledger.rows = rows;
        ledger
    }

    /// The newest event that was taken in.
    pub(crate) fn seq(&self) -> i64 {
        self.seq
    }

    /// Tasks by status.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// All streams.
    pub(crate) fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// The newest tasks, newest first.
    pub(crate) fn rows(&self) -> &[Task] {
        &self.rows
    }

    /// The row of a task.
    pub(crate) fn row(&self, id: &TaskId) -> Option<&Task> {
        self.rows.iter().find(|row| row.id == *id)
    }

    /// How many tasks are stale at `now`.
    pub(crate) fn stale_at(&self, now: Time) -> u64 {
        self.live.values().fold(self.stale_unseen, |count, task| {
            count + u64::from(task.is_stale(now))
        })
    }

    /// What has to be fetched.
    pub(crate) fn missing(&self) -> Missing {
        self.missing
    }

    /// Takes over counts and streams that were fetched after the newest event was taken in.
    pub(crate) fn load_counts(
        &mut self,
        overview: Answer<Overview>,
        streams: Answer<List<Stream>>,
    ) {
        self.counts = overview.body.tasks;
        self.counts_seq = overview.seq;
        self.streams = streams.body.items;
        self.streams_seq = streams.seq;
        self.missing = self.exactness();
    }

    /// Passes over an event that cannot be read.
    pub(crate) fn skip(&mut self, seq: Option<i64>, missing: Missing) {
        self.seq = self.seq.max(seq.unwrap_or_default());
        self.missing = self.missing.max(missing);
    }

    /// Takes in one event, and returns what it changed: nothing when it was taken in before.
    pub(crate) fn apply(&mut self, event: &Event) -> Touched {
        if event.seq <= self.seq {
            return Touched::default();
        }
        self.seq = event.seq;
        match Effect::of(event.kind) {
            Effect::Nothing => Touched::default(),
            Effect::Fetch(missing) => {
                if event.seq > self.streams_seq {
                    self.missing = self.missing.max(missing);
                }
                Touched::default()
            }
            Effect::Shown => self.show_again(event),
            Effect::Moved(step) => self.move_task(event, step),
        }
    }

    /// Shows a task anew that an event tells something of without moving it.
    fn show_again(&mut self, event: &Event) -> Touched {
        let mut touched = Touched::default();
        if let Some(task) = event.task.as_deref() {
            self.show(task, &mut touched);
        }
        touched
    }

    /// Moves a task from one status to another.
    fn move_task(&mut self, event: &Event, step: Step) -> Touched {
        let from = self.status_before(event, step);
        let mut touched = self.count(event, from, step.to);
        if let Some(task) = event.task.as_deref() {
            self.note_unseen(event, from, task);
            self.remember(task, step.to);
            self.show(task, &mut touched);
        }
        touched
    }

    /// Whether all parts stem from one moment.
    fn exactness(&self) -> Missing {
        let exact = self.counts_seq == self.seq && self.streams_seq == self.seq;
        if exact {
            Missing::Nothing
        } else {
            Missing::Rest
        }
    }

    /// Where the task stood before `event`. Several events of one task may arrive as the last of them, so what is known goes
    /// before what the event's kind, or the first of those it stands for, implies.
    fn status_before(&self, event: &Event, step: Step) -> Option<Status> {
        let known = event
            .task_id
            .as_ref()
            .and_then(|id| self.live.get(id))
            .map(|live| live.status);
        let made_since = event
            .task
            .as_ref()
            .is_some_and(|task| task.seq > self.newest);
        match known {
            Some(status) => Some(status),
            None if made_since => None,
            None => match event.merged.first().map(|kind| Effect::of(*kind)) {
                Some(Effect::Moved(first)) => first.from,
                _ => step.from,
            },
        }
    }

    fn count(&mut self, event: &Event, from: Option<Status>, to: Status) -> Touched {
        let mut touched = Touched::default();
        if from == Some(to) {
            return touched;
        }
        let mut agrees = true;
        if event.seq > self.counts_seq {
            touched.counts = true;
            agrees &= shift(&mut self.counts, from, to);
        }
        if event.seq > self.streams_seq {
            let mut streams = self.streams.iter_mut();
            match streams.find(|stream| Some(&stream.id) == event.stream_id.as_ref()) {
                Some(stream) => {
                    touched.streams = true;
                    agrees &= shift(&mut stream.counts, from, to);
                }
                None => self.missing = self.missing.max(Missing::Streams),
            }
        }
        if !agrees {
            self.missing = self.missing.max(Missing::Rest);
        }
        touched
    }

    /// A stale task that was never seen is no longer one of those that are not seen.
    fn note_unseen(&mut self, event: &Event, from: Option<Status>, task: &Task) {
        let was_running = Live {
            status: Status::Running,
            started_at: task.started_at,
            timeout: task.timeout,
        };
        if from == Some(Status::Running)
            && !self.live.contains_key(&task.id)
            && was_running.is_stale(event.at)
        {
            self.stale_unseen = self.stale_unseen.saturating_sub(1);
        }
    }

    /// Remembers where `task` stands after an event. Its own status may be ahead of that: a task is sent as it stands when sent.
    fn remember(&mut self, task: &Task, status: Status) {
        if status.is_final() {
            self.live.remove(&task.id);
        } else {
            self.live.insert(
                task.id.clone(),
                Live {
                    status,
                    started_at: task.started_at,
                    timeout: task.timeout,
                },
            );
        }
    }

    /// Puts `task` where it belongs among the rows.
    fn show(&mut self, task: &Task, touched: &mut Touched) {
        let place = self.rows.partition_point(|row| row.seq > task.seq);
        if let Some(row) = self.rows.get_mut(place).filter(|row| row.id == task.id) {
            row.clone_from(task);
            touched.row = Some(task.id.clone());
        } else if place < self.capacity {
            self.rows.insert(place, task.clone());
            self.rows.truncate(self.capacity);
            touched.rows = true;
        }
    }
}

/// Where a task stood, and where it stands now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// Where it stood; none when it was not there.
    pub(crate) from: Option<Status>,
    /// Where it stands.
    pub(crate) to: Status,
}

/// What an event of a kind does to what a page holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Effect {
    /// Nothing that is shown.
    Nothing,
    /// Something has to be fetched.
    Fetch(Missing),
    /// Its task is to be shown anew, and stands where it stood.
    Shown,
    /// Its task moves.
    Moved(Step),
}

impl Effect {
    /// What an event of `kind` does.
    pub(crate) const fn of(kind: EventKind) -> Self {
        let (from, to) = match kind {
            EventKind::SessionCreated
            | EventKind::SessionUpdated
            | EventKind::SessionEnded
            | EventKind::StreamCreated
            | EventKind::StreamUpdated
            | EventKind::StreamEnded => return Self::Fetch(Missing::Streams),
            // What is said of plugins comes with the counts.
            EventKind::PluginQuarantined | EventKind::PluginRestored => {
                return Self::Fetch(Missing::Streams);
            }
            EventKind::PluginAdded | EventKind::PluginRemoved | EventKind::ConfigReloaded => {
                return Self::Nothing;
            }
            EventKind::TaskPurged => return Self::Fetch(Missing::Everything),
            EventKind::TaskRequeued | EventKind::TaskLate => return Self::Shown,
            EventKind::TaskEnqueued => (None, Status::Queued),
            EventKind::TaskClaimed => (Some(Status::Queued), Status::Running),
            EventKind::TaskReleased => (Some(Status::Running), Status::Queued),
            EventKind::TaskCompleted => (Some(Status::Running), Status::Succeeded),
            EventKind::TaskFailed | EventKind::TaskExpired => {
                (Some(Status::Running), Status::Failed)
            }
            EventKind::TaskCancelled => (Some(Status::Queued), Status::Failed),
        };
        Self::Moved(Step { from, to })
    }
}

/// Moves one task between two counts. Returns whether there was one to move.
fn shift(counts: &mut Counts, from: Option<Status>, to: Status) -> bool {
    *counts.of_mut(to) += 1;
    let Some(from) = from else { return true };
    let left = counts.of_mut(from);
    let agrees = *left > 0;
    *left = left.saturating_sub(1);
    agrees
}

#[cfg(test)]
mod tests;
