//! What the workers themselves know of each task, by the number that it carries in its payload. Ids will not do: one that
//! was purged may be drawn again.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Result, ensure};

/// How many streams the tasks are put into, one after the other. One that is done with can be purged while the next is
/// worked on.
pub(crate) const LANES: usize = 50;

/// What a server acknowledges of a task.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// It was queued.
    Enqueued,
    /// It was handed out.
    Claimed,
    /// Its result was taken.
    Completed,
}

/// Each task, and what was acknowledged of it.
#[derive(Debug)]
pub(crate) struct Ledger {
    tasks: usize,
    book: Mutex<Book>,
}

#[derive(Debug)]
struct Book {
    /// The number of the next task to queue.
    next: usize,
    /// Of each task, a bit for each step.
    marks: Vec<u8>,
    /// How many tasks took each step.
    taken: [usize; 3],
    /// How many tasks of each lane are completed.
    done: [usize; LANES],
}

impl Ledger {
    /// A ledger of tasks that nobody has begun with.
    pub(crate) fn new(tasks: usize) -> Self {
        Self {
            tasks,
            book: Mutex::new(Book {
                next: 0,
                marks: vec![0; tasks],
                taken: [0; 3],
                done: [0; LANES],
            }),
        }
    }

    /// The next task to queue, until there are none left.
    pub(crate) fn next(&self) -> Option<usize> {
        let mut book = self.book();
        let number = book.next;
        book.next += usize::from(number < self.tasks);
        (number < self.tasks).then_some(number)
    }

    /// The lane that a task belongs to.
    pub(crate) fn lane_of(&self, number: usize) -> usize {
        number * LANES / self.tasks
    }

    /// How many tasks a lane has.
    pub(crate) fn size_of(&self, lane: usize) -> usize {
        let Range { start, end } =
            (lane * self.tasks).div_ceil(LANES)..((lane + 1) * self.tasks).div_ceil(LANES);
        end - start
    }

    /// Notes a step of a task, which may be taken once. Says whether it was the last of its lane.
    pub(crate) fn note(&self, number: usize, step: Step) -> Result<bool> {
        ensure!(number < self.tasks, "nobody has queued a task {number}");
        let lane = self.lane_of(number);
        let bit = 1 << step as u8;
        let mut book = self.book();
        ensure!(
            book.marks[number] & bit == 0,
            "doubled: task {number} was {step:?} twice"
        );
        book.marks[number] |= bit;
        book.taken[step as usize] += 1;
        if !matches!(step, Step::Completed) {
            return Ok(false);
        }
        book.done[lane] += 1;
        Ok(book.done[lane] == self.size_of(lane))
    }

    /// How many tasks were acknowledged as queued, as claimed and as completed.
    pub(crate) fn taken(&self) -> [usize; 3] {
        self.book().taken
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
