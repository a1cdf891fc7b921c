//! All that a command prints: data on stdout, everything else on stderr.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;
use sparkq_core::unseen::{escape_unseen, is_unseen, spell_in_json};
use sparkq_core::wire::{Done, ErrorBody};
use sparkq_core::{Code, Refusal, TaskId};

use crate::queue::Error;

/// The narrowest terminal that a table is fitted into, in columns.
const NARROWEST: u16 = 40;

/// The least steps that are worth a bar.
const WORTH_A_BAR: u64 = 200;

/// How this command talks.
#[derive(Debug, Clone)]
pub(crate) struct Ui {
    json: bool,
    talks: bool,
    terminal: bool,
}

/// Why a command ended without doing its work.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// An error for whoever called.
    Error(ErrorBody),
    /// Nobody reads the output any more.
    ClosedPipe,
    /// There was nothing to claim for as long as was asked.
    WaitedInVain,
}

impl Problem {
    /// The problem with a hint, where a value was wrong and nothing better is known.
    pub(super) fn with_hint(self, hint: impl FnOnce() -> String) -> Self {
        match self {
            Self::Error(mut body)
                if body.hint.is_none() && body.code == Code::InvalidValue.as_str() =>
            {
                body.hint = Some(hint());
                Self::Error(body)
            }
            other => other,
        }
    }

    /// Whether it says that nothing was done.
    pub(super) fn is_of_nothing_done(&self) -> bool {
        matches!(self, Self::Error(body) if body.done == Some(Done::No))
    }

    /// The problem of an answer that was lost on its last step, with what the caller has all the same.
    pub(super) fn holding(self, id: &TaskId) -> Self {
        match self {
            Self::Error(mut body) => {
                body.error = format!("{}; task {id} is yours", body.error);
                body.hint = Some(format!("sparkq task {id}"));
                Self::Error(body)
            }
            quiet => quiet,
        }
    }
}

impl From<ErrorBody> for Problem {
    fn from(body: ErrorBody) -> Self {
        Self::Error(body)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Error(refusal.to_body())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Error(error.to_body())
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Error::Internal(format!("the answer cannot be written: {error}")).into()
    }
}

impl Ui {
    pub(crate) fn new(json: bool, verbose: bool) -> Self {
        let talks = verbose || io::stderr().is_terminal();
        Self {
            json,
            talks,
            terminal: io::stdout().is_terminal(),
        }
    }

    /// Whether the answer is to be one JSON document.
    pub(crate) fn wants_json(&self) -> bool {
        self.json
    }

    /// Whether a person reads the data as it comes.
    pub(crate) fn is_on_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints `value` as one line of JSON.
    pub(crate) fn json<T: Serialize>(&self, value: &T) -> Result<(), Problem> {
        let text = serde_json::to_string(value)
            .map_err(|error| Error::Internal(format!("an answer cannot be written: {error}")))?;
        self.line(harmless(text))
    }

    /// Prints one line of data.
    #[expect(clippy::unused_self, reason = "what a verb prints goes through its Ui")]
    pub(crate) fn line(&self, text: impl Display) -> Result<(), Problem> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        Ok(out.flush()?)
    }

    /// Prints rows under their headings: fitted to a terminal's width, in full length elsewhere.
    pub(crate) fn table(&self, headings: &[&str], rows: Vec<Vec<String>>) -> Result<(), Problem> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        // A terminal that does not know its width, as programs make them, is none to fit a table into.
        let fits = self.terminal && table.width().is_some_and(|width| width >= NARROWEST);
        table.set_content_arrangement(if fits {
            ContentArrangement::Dynamic
        } else {
            ContentArrangement::Disabled
        });
        table.set_header(headings.iter().map(|heading| heading.to_uppercase()));
        table.add_rows(
            rows.into_iter()
                .map(|row| row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>()),
        );
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for line in table.lines() {
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// Prints what fits on a line each, by name; what is empty is left out.
    pub(crate) fn facts(&self, facts: &[(&str, String)]) -> Result<(), Problem> {
        for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
            self.line(format_args!("{name:<12} {}", one_line(value)))?;
        }
        Ok(())
    }

    /// Prints what takes lines of its own, under a heading; nothing when it is empty.
    pub(crate) fn block(&self, heading: &str, text: &str) -> Result<(), Problem> {
        if text.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = visible(text)
            .lines()
            .map(|line| format!("  {line}"))
            .collect();
        self.line(format_args!("\n{heading}\n{}", lines.join("\n")))
    }

    /// A bar for work of `length` steps, when a person is there; an invisible one otherwise.
    #[expect(clippy::unused_self, reason = "what a verb prints goes through its Ui")]
    pub(crate) fn progress(&self, what: &'static str, length: u64) -> ProgressBar {
        if !io::stderr().is_terminal() || length < WORTH_A_BAR {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar
    }

    /// Shows that something of unknown length goes on, when a person is there.
    #[expect(clippy::unused_self, reason = "what a verb prints goes through its Ui")]
    pub(crate) fn spinner(&self, what: impl Into<Cow<'static, str>>) -> ProgressBar {
        if !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let spinner = ProgressBar::new_spinner().with_message(what);
        spinner.enable_steady_tick(Duration::from_millis(100));
        spinner
    }

    /// Rests for a moment; ends when nobody reads the output any more.
    #[expect(clippy::unused_self, reason = "what a verb prints goes through its Ui")]
    pub(crate) fn rest(&self, pause: Duration) -> Result<(), Problem> {
        let stdout = io::stdout();
        let mut ends = [PollFd::new(&stdout, PollFlags::empty())];
        let pause = Timespec::try_from(pause).ok();
        match poll(&mut ends, pause.as_ref()) {
            Ok(0) | Err(_) => Ok(()),
            Ok(_) => Err(Problem::ClosedPipe),
        }
    }

    /// Says what was done, when a person is there or asked for it.
    pub(crate) fn status(&self, sentence: impl Display) {
        if self.talks {
            complain(&visible(&sentence.to_string()));
        }
    }

    /// Says something that whoever called should know.
    #[expect(clippy::unused_self, reason = "what a verb prints goes through its Ui")]
    pub(crate) fn warn(&self, sentence: impl Display) {
        complain(&visible(&format!("Warning: {sentence}")));
    }

    /// Shows why the command failed, and gives its exit code.
    pub(crate) fn problem(&self, problem: &Problem) -> ExitCode {
        let body = match problem {
            Problem::Error(body) => body,
            Problem::ClosedPipe => return ExitCode::SUCCESS,
            Problem::WaitedInVain => return ExitCode::from(3),
        };
        let text = if self.json {
            harmless(serde_json::to_string(body).unwrap_or_else(|_| body.error.clone()))
        } else {
            let fields = body
                .fields
                .iter()
                .map(|issue| format!("\n  {}", indented(&issue.to_string())));
            let hint = body
                .hint
                .iter()
                .map(|hint| format!("\nHint: {}", indented(hint)));
            format!(
                "Error: {}{}",
                indented(&body.error),
                fields.chain(hint).collect::<String>()
            )
        };
        complain(&text);
        ExitCode::FAILURE
    }
}

/// A text whose further lines are set in, so that none of them looks like a line of its own.
fn indented(text: &str) -> String {
    visible(text).replace('\n', "\n  ")
}

/// Puts a text into one line: what is not seen, or could write to the terminal, is escaped.
pub(crate) fn one_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

/// Escapes what is not seen, or could write to the terminal, other than line breaks and tabs.
pub(crate) fn visible(text: &str) -> String {
    escape_unseen(text, |character, clean| match character {
        '\n' | '\t' => clean.push(character),
        _ => clean.extend(character.escape_default()),
    })
}

/// The same for JSON, which leaves such characters as they are in its strings, but for those of ASCII.
fn harmless(json: String) -> String {
    if json.contains(is_unseen) {
        escape_unseen(&json, spell_in_json)
    } else {
        json
    }
}

/// Prints `text` on stdout; nobody is told when that fails, because nobody is there.
pub(super) fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Prints a line on stderr.
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_same_with_what_would_write_to_the_terminal_escaped() {
        let value =
            serde_json::json!({"a": "\u{202e}b\u{9b}31m\u{7f}\n\u{1b}é\u{e0041} 👩\u{200d}💻"});
        let text = harmless(value.to_string());
        assert_eq!(
            text,
            r#"{"a":"\u202eb\u009b31m\u007f\n\u001bé\udb40\udc41 👩‍💻"}"#
        );
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, value);
    }
}
