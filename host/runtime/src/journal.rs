//! What plugins logged and did wrong since somebody last asked, so that it can be kept and shown.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::limits::{JOURNAL, JOURNAL_BYTES};
use crate::sync::lock;

/// One line that a plugin logged, or one fault of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// The plugin's name.
    pub plugin: String,
    /// How much it matters.
    pub level: Level,
    /// The function of the contract that ran: `payloads.validate`; `load` before any.
    pub function: &'static str,
    /// What was said, one line that can write to no terminal.
    pub message: String,
    /// The task that the call was about, where there is one already.
    pub task: Option<String>,
}

/// How much a line matters, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Every step.
    Trace,
    /// What helps to find a mistake.
    Debug,
    /// What happened.
    #[default]
    Info,
    /// What a person should look at.
    Warn,
    /// What went wrong, as the plugin itself says.
    Error,
    /// What the host says that the plugin did wrong.
    Fault,
}

impl Level {
    /// The level as one word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fault => "fault",
        }
    }
}

/// Lines that wait to be taken. When nobody takes them the oldest make room.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    lowest: Level,
    any: AtomicBool,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<JournalLine>,
    bytes: usize,
}

impl Journal {
    /// A journal that keeps lines from `lowest` on.
    pub(crate) fn new(lowest: Level) -> Self {
        Self {
            lowest,
            ..Self::default()
        }
    }

    /// The least that it keeps.
    pub(crate) fn lowest(&self) -> Level {
        self.lowest
    }

    /// Keeps a line, if it matters enough.
    pub(crate) fn keep(&self, line: JournalLine) {
        if line.level < self.lowest {
            return;
        }
        let mut waiting = lock(&self.waiting);
        waiting.bytes += line.message.len();
        waiting.lines.push_back(line);
        while waiting.lines.len() > JOURNAL || waiting.bytes > JOURNAL_BYTES {
            let Some(oldest) = waiting.lines.pop_front() else {
                break;
            };
            waiting.bytes -= oldest.message.len();
        }
        self.any.store(true, Relaxed);
    }

    /// Hands out what waits, oldest first.
    pub(crate) fn take(&self) -> Vec<JournalLine> {
        if !self.any.load(Relaxed) {
            return Vec::new();
        }
        let mut waiting = lock(&self.waiting);
        self.any.store(false, Relaxed);
        std::mem::take(&mut *waiting).lines.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: Level, message: &str) -> JournalLine {
        JournalLine {
            plugin: "p".to_owned(),
            level,
            function: "about.get",
            message: message.to_owned(),
            task: None,
        }
    }

    #[test]
    fn a_line_is_taken_once_and_what_matters_too_little_is_not_kept() {
        let journal = Journal::new(Level::Info);
        assert_eq!(journal.take(), []);
        journal.keep(line(Level::Debug, "detail"));
        journal.keep(line(Level::Fault, "trap"));
        assert_eq!(journal.take(), [line(Level::Fault, "trap")]);
        assert_eq!(journal.take(), []);
    }

    #[test]
    fn a_journal_that_nobody_takes_stays_small() {
        let journal = Journal::new(Level::Info);
        for number in 0..JOURNAL + 3 {
            journal.keep(line(Level::Info, &number.to_string()));
        }
        assert_eq!(journal.take()[0].message, "3");
        let long = "x".repeat(JOURNAL_BYTES / 2);
        for _ in 0..5 {
            journal.keep(line(Level::Info, &long));
        }
        assert_eq!(journal.take().len(), 2);
    }
}
