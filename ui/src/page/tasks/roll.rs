//! The list of tasks that a filter means, and how events change it; plain data, no signals, no browser.
//!
//! The invariant: lines come newest first, and each line, like the total, knows the newest event it includes and takes
//! in newer ones only. So however pages and events interleave, each counts once.

use sparkq_core::wire::{Document, Event, Filter, List, Task};
use sparkq_core::{Status, Time};

use super::filter;
use crate::board::{Effect, Missing, Step};
use crate::client::Answer;
use crate::kit::first_line;

/// The most characters of an outcome that a line keeps.
const OUTCOME: usize = 300;

/// The most lines that are kept while new ones come, among the lines and aside.
const HELD: usize = 2000;

/// One task of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The task, without what no list shows.
    pub(super) task: Task,
    /// The first line of what came of it.
    pub(super) outcome: Option<String>,
    /// Whether the filter no longer means it. It stays until the list is loaded anew.
    pub(super) gone: bool,
    /// Where it stood after the newest event it includes. The task may be ahead: it is sent as it stands when sent.
    counted: Status,
    seq: i64,
}

impl Line {
    fn new(task: &Task, counted: Status, seq: i64) -> Self {
        Self {
            outcome: outcome(task),
            // What is large stays behind.
            task: Task {
                payload: Document::from_json_text("{}".to_owned()),
                result: None,
                error: None,
                ..task.clone()
            },
            gone: false,
            counted,
            seq,
        }
    }
}

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing that is shown.
    Nothing,
    /// Something is to be drawn anew.
    Changed,
    /// The list has to be fetched again.
    Anew,
}

/// The list.
#[derive(Debug)]
pub(super) struct Roll {
    filter: Filter,
    lines: Vec<Line>,
    fresh: Vec<Line>,
    /// Whether more came since than are kept.
    cut: bool,
    total: u64,
    total_seq: i64,
    heard: i64,
    next: Option<String>,
    doubt: bool,
}

impl Roll {
    /// Starts from the first page.
    pub(super) fn start(filter: Filter, page: Answer<List<Task>>) -> Self {
        let mut roll = Self {
            filter,
            lines: Vec::new(),
            fresh: Vec::new(),
            cut: false,
            total: 0,
            total_seq: page.seq,
            heard: page.seq,
            next: None,
            doubt: false,
        };
        roll.append(page);
        roll
    }

    /// Adds the next page. Events that were heard before it came are to be told to [`Self::patch`].
    pub(super) fn append(&mut self, page: Answer<List<Task>>) {
        self.recount(page.body.total, page.seq);
        self.next = page.body.next_cursor;
        let items = page.body.items.iter();
        self.lines
            .extend(items.map(|task| Line::new(task, task.status, page.seq)));
    }

    /// Takes over how many tasks the filter means as of `seq`.
    pub(super) fn recount(&mut self, total: u64, seq: i64) {
        self.total = total;
        self.total_seq = seq;
        // What was heard since was counted into the total before.
        self.doubt = seq < self.heard;
    }

    /// Which tasks it lists.
    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The lines, newest first.
    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Where the line of a task stands.
    pub(super) fn place(&self, task: i64) -> Option<usize> {
        let place = self.place_for(task);
        let line = self.lines.get(place)?;
        (line.task.seq == task).then_some(place)
    }

    /// Whether a task is listed, or may be among what is not loaded.
    pub(super) fn may_list(&self, task: i64) -> bool {
        let is_aside = self.fresh.iter().any(|line| line.task.seq == task);
        is_aside || self.place(task).is_some() || !self.reaches(task)
    }

    /// Whether what is loaded goes down to a task.
    fn reaches(&self, task: i64) -> bool {
        let last = self.lines.last();
        self.next.is_none() || last.is_some_and(|last| task > last.task.seq)
    }

    /// Where the line of a task stands, or would.
    pub(super) fn place_for(&self, task: i64) -> usize {
        self.lines.partition_point(|line| line.task.seq > task)
    }

    /// How many tasks the filter means.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Whether the total may be wrong by now.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.doubt
    }

    /// How many tasks came since, and are not among the lines yet; no more are counted than can be kept.
    pub(super) fn fresh(&self) -> usize {
        if self.cut { HELD } else { self.fresh.len() }
    }

    /// Whether more came since than are kept: then the list has to be fetched again to show them.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Asks for the next page; none when all is loaded.
    pub(super) fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The newest event that was taken in.
    pub(super) fn heard(&self) -> i64 {
        self.heard
    }

    /// Puts what came since among the lines.
    pub(super) fn show_fresh(&mut self) {
        for line in std::mem::take(&mut self.fresh) {
            let place = self.place_for(line.task.seq);
            self.lines.insert(place, line);
        }
    }

    /// Takes in one event. A task that comes to be meant is put among the lines when `at_top`, where that moves nothing
    /// that is being read, and is kept aside otherwise. The oldest of too many lines go back to the pages to be loaded.
    pub(super) fn hear(&mut self, event: &Event, at_top: bool, now: Time) -> Heard {
        if event.seq <= self.heard {
            return Heard::Nothing;
        }
        self.heard = event.seq;
        let step = match Effect::of(event.kind) {
            Effect::Fetch(Missing::Everything) => return Heard::Anew,
            Effect::Nothing | Effect::Fetch(_) => return Heard::Nothing,
            Effect::Shown => None,
            Effect::Moved(step) => Some(step),
        };
        let Some(task) = event.task.as_deref() else {
            return Heard::Nothing;
        };
        if let Some(step) = step {
            self.count(event, task, step);
        }
        if !self.patch(event, now) && step.is_some() && self.means(task, now) {
            let counted = step.map_or(task.status, |step| step.to);
            let line = Line::new(task, counted, event.seq);
            self.cut |= self.fresh.len() >= HELD;
            let is_seen = at_top && self.fresh() == 0;
            if is_seen {
                self.lines.insert(self.place_for(task.seq), line);
                self.trim();
            } else if !self.cut {
                let place = self.fresh.partition_point(|line| line.task.seq > task.seq);
                self.fresh.insert(place, line);
            }
        }
        Heard::Changed
    }

    fn trim(&mut self) {
        if self.lines.len() > HELD {
            self.lines.truncate(HELD);
            // The server goes on below the task that a page ended with.
            self.next = self.lines.last().map(|last| last.task.seq.to_string());
        }
    }

    /// Changes the line of an event's task in place, and returns whether there is one.
    pub(super) fn patch(&mut self, event: &Event, now: Time) -> bool {
        let Some(task) = event.task.as_deref() else {
            return false;
        };
        let held = find(&mut self.lines, task.seq).or_else(|| find(&mut self.fresh, task.seq));
        let Some(line) = held else { return false };
        if event.seq > line.seq {
            let counted = match Effect::of(event.kind) {
                Effect::Moved(step) => step.to,
                _ => line.counted,
            };
            *line = Line::new(task, counted, event.seq);
            line.gone = !filter::fits(&self.filter, task, now);
        }
        self.fresh.retain(|line| !line.gone);
        true
    }

    /// Whether `task` belongs among what is loaded.
    fn means(&self, task: &Task, now: Time) -> bool {
        self.reaches(task.seq)
            && filter::fits(&self.filter, task, now)
            && filter::has_words(&self.filter, task)
    }

    /// Keeps the total, where it can be known what the event did to it.
    fn count(&mut self, event: &Event, task: &Task, step: Step) {
        let fits = |status| filter::fits_as(&self.filter, task, status);
        let held = find(&mut self.lines, task.seq).or_else(|| find(&mut self.fresh, task.seq));
        let from = match held {
            Some(line) if event.seq <= line.seq => return,
            Some(line) => Some(line.counted),
            None => match event.merged.first().map(|kind| Effect::of(*kind)) {
                Some(Effect::Moved(first)) => first.from,
                _ => step.from,
            },
        };
        let (was, is) = (from.is_some_and(fits), fits(step.to));
        if event.seq <= self.total_seq || (!was && !is) {
            return;
        }
        if !filter::is_exact(&self.filter) {
            self.doubt = true;
            return;
        }
        // Whether a step of several counts from before the fetch or after is not known.
        self.doubt |= !event.merged.is_empty();
        self.total = (self.total + u64::from(is)).saturating_sub(u64::from(was));
    }
}

fn find(lines: &mut [Line], task: i64) -> Option<&mut Line> {
    let place = lines.partition_point(|line| line.task.seq > task);
    lines.get_mut(place).filter(|line| line.task.seq == task)
}

/// The first line of what came of a task: of its error, or of its summary.
fn outcome(task: &Task) -> Option<String> {
    let text = task.error.clone().or_else(|| task.summary())?;
    Some(first_line(&text)?.chars().take(OUTCOME).collect())
}

#[cfg(test)]
mod tests;
