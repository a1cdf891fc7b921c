use clap::Args;
use serde_json::json;
use sparkq_core::wire;

use super::args::Texts;
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// Hand in the result of a task that you have claimed
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq complete tsk_7f3k --summary 'Added the login form' --stdout @build.log
  sparkq complete tsk_7f3k --result '{\"summary\":\"3 of 3 tests pass\",\"exit_code\":0}'")]
pub(super) struct Complete {
    /// The task: its id, or at least 4 characters of it after tsk_
    #[arg(add = candidates::running())]
    id: String,
    /// A JSON object with a `summary`; @FILE or - reads it from a file or standard input
    #[arg(
        long,
        required_unless_present = "summary",
        conflicts_with = "summary",
        allow_hyphen_values = true
    )]
    result: Option<String>,
    /// Short for --result '{"summary":TEXT}'
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    summary: Option<String>,
    /// What the work printed; @FILE or - reads it from a file or standard input
    #[arg(long, allow_hyphen_values = true)]
    stdout: Option<String>,
    /// What the work printed on its error stream; likewise
    #[arg(long, allow_hyphen_values = true)]
    stderr: Option<String>,
}

impl Complete {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let texts = Texts::new(ui);
        let summary = texts.read_if_given("--summary", self.summary)?;
        let result = match summary {
            Some(summary) => json!({ "summary": summary }).into(),
            None => texts.object("--result", self.result.unwrap_or_default())?,
        };
        let stdout = texts.read_if_given("--stdout", self.stdout)?;
        let stderr = texts.read_if_given("--stderr", self.stderr)?;
        let task = door.complete(
            self.id,
            wire::Complete {
                result,
                stdout,
                stderr,
            },
        )?;
        ui.finished(&task)
    }
}

impl Ui {
    /// Shows a task that was just ended: nothing but a sentence, unless JSON was asked for.
    pub(super) fn finished(&self, task: &wire::Task) -> Result<(), Problem> {
        if self.wants_json() {
            return self.json(task);
        }
        self.status(format_args!("Task {} has {}.", task.id, task.status));
        Ok(())
    }
}
