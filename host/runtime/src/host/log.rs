//! `log`: what a plugin says goes to the journal and to `tracing`, target `plugin`, with the plugin's name; at most so
//! much per call.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use crate::binding::log::{Host, Level};
use crate::instance::State;
use crate::journal::{self, Journal, JournalLine};
use crate::limits::Limits;
use crate::sync::lock;
use crate::text::log_line;

/// The log of one instance, shared with its stdout and stderr.
pub(crate) struct Log {
    plugin: String,
    max_lines: usize,
    max_bytes: usize,
    journal: Arc<Journal>,
    call: Mutex<Call>,
}

/// What the call that runs has written.
#[derive(Default)]
struct Call {
    function: &'static str,
    task: Option<String>,
    lines: usize,
    bytes: usize,
    dropped: u64,
    /// The last line of stdout and of stderr, not ended yet.
    partial: [Vec<u8>; 2],
}

/// Where a line was written.
#[derive(Clone, Copy)]
pub(crate) enum Pipe {
    Stdout,
    Stderr,
}

impl Pipe {
    fn level(self) -> Level {
        match self {
            Self::Stdout => Level::Info,
            Self::Stderr => Level::Warn,
        }
    }
}

impl Log {
    pub(crate) fn new(plugin: &str, limits: &Limits, journal: &Arc<Journal>) -> Self {
        Self {
            plugin: plugin.to_owned(),
            max_lines: limits.log_lines,
            max_bytes: limits.log_bytes,
            journal: Arc::clone(journal),
            call: Mutex::default(),
        }
    }

    /// Starts afresh, for a call of `function` about `task`.
    pub(crate) fn begin(&self, function: &'static str, task: Option<&str>) {
        *lock(&self.call) = Call {
            function,
            task: task.map(str::to_owned),
            ..Call::default()
        };
    }

    /// Takes what a guest writes to stdout or stderr, and logs the lines that ended.
    pub(crate) fn pipe(&self, pipe: Pipe, bytes: &[u8]) {
        let mut call = lock(&self.call);
        for &byte in bytes {
            let partial = &mut call.partial[pipe as usize];
            if byte == b'\n' {
                let line = std::mem::take(partial);
                self.line(&mut call, pipe.level(), &String::from_utf8_lossy(&line));
            } else if partial.len() < self.max_bytes {
                partial.push(byte);
            }
        }
    }

    /// Logs lines that never ended and says what was dropped.
    pub(crate) fn end_of_call(&self) {
        let mut call = lock(&self.call);
        for pipe in [Pipe::Stdout, Pipe::Stderr] {
            let line = std::mem::take(&mut call.partial[pipe as usize]);
            if !line.is_empty() {
                self.line(&mut call, pipe.level(), &String::from_utf8_lossy(&line));
            }
        }
        if call.dropped > 0 {
            tracing::debug!(target: "plugin", plugin = %self.plugin, dropped = call.dropped, "more log lines than a call may write");
            let more = format!("and {} more lines, which are not kept", call.dropped);
            self.keep(&call, journal::Level::Warn, more);
        }
        *call = Call::default();
    }

    fn line(&self, call: &mut Call, level: Level, text: &str) {
        if call.lines >= self.max_lines || call.bytes >= self.max_bytes {
            call.dropped += 1;
            return;
        }
        let (plugin, text) = (&self.plugin, log_line(text));
        if call.bytes + text.len() > self.max_bytes {
            call.dropped += 1;
            return;
        }
        call.lines += 1;
        call.bytes += text.len();
        // It is in the journal, whose readers it is for; the host's own log has it for who asks.
        tracing::debug!(target: "plugin", %plugin, ?level, "{text}");
        self.keep(call, level.into(), text);
    }

    fn keep(&self, call: &Call, level: journal::Level, message: String) {
        self.journal.keep(JournalLine {
            plugin: self.plugin.clone(),
            level,
            function: call.function,
            message,
            task: call.task.clone(),
        });
    }
}

impl Host for State {
    fn write(&mut self, level: Level, message: String, fields: Vec<(String, String)>) {
        let mut line = message;
        for (key, value) in fields {
            // Writing to a `String` cannot fail.
            let _ = write!(line, " {key}={value}");
        }
        self.log.line(&mut lock(&self.log.call), level, &line);
    }

    fn threshold(&mut self) -> Level {
        // The host's own log has all of it for who asks.
        let logged = if tracing::enabled!(target: "plugin", tracing::Level::DEBUG) {
            Level::Trace
        } else {
            Level::Error
        };
        match self.log.journal.lowest() {
            lowest if lowest >= logged.into() => logged,
            journal::Level::Trace => Level::Trace,
            journal::Level::Debug => Level::Debug,
            journal::Level::Info => Level::Info,
            journal::Level::Warn => Level::Warn,
            journal::Level::Error | journal::Level::Fault => Level::Error,
        }
    }
}

impl From<Level> for journal::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Trace => Self::Trace,
            Level::Debug => Self::Debug,
            Level::Info => Self::Info,
            Level::Warn => Self::Warn,
            Level::Error => Self::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(log: &Log) -> (usize, u64) {
        let call = lock(&log.call);
        (call.lines, call.dropped)
    }

    #[test]
    fn a_call_logs_so_many_lines_and_the_rest_is_counted() {
        let log = Log::new(
            "noisy",
            &Limits {
                log_lines: 3,
                ..Limits::default()
            },
            &Arc::default(),
        );
        log.pipe(Pipe::Stdout, b"1\n2\n3");
        log.pipe(Pipe::Stdout, b" and on\n4\n5\nnot ended");
        assert_eq!(counts(&log), (3, 2));
        log.end_of_call();
        assert_eq!(counts(&log), (0, 0), "the next call starts afresh");
    }

    #[test]
    fn a_line_that_never_ends_is_kept_within_the_limit() {
        let log = Log::new(
            "noisy",
            &Limits {
                log_bytes: 10,
                ..Limits::default()
            },
            &Arc::default(),
        );
        log.pipe(Pipe::Stderr, &[b'x'; 1000]);
        assert_eq!(lock(&log.call).partial[1].len(), 10);
        log.pipe(Pipe::Stderr, b"\nmore\n");
        assert_eq!(counts(&log), (1, 1));
    }

    #[test]
    fn what_is_kept_of_a_call_is_counted_as_it_is_kept() {
        let journal = Arc::default();
        let limits = Limits::default();
        let log = Log::new("noisy", &limits, &journal);
        for _ in 0..200 {
            log.pipe(Pipe::Stderr, &vec![7; 64 << 10]);
            log.pipe(Pipe::Stderr, b"\n");
        }
        log.end_of_call();
        let kept: usize = journal.take().iter().map(|line| line.message.len()).sum();
        assert!(kept <= limits.log_bytes + 100, "{kept}");
    }
}
