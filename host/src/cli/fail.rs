use clap::Args;
use sparkq_core::wire;

use super::args::Texts;
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// Give up on a task that you have claimed, and say why
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sparkq fail tsk_7f3k --error 'tests/login.rs does not compile' --stderr @build.log"
)]
pub(super) struct Fail {
    /// The task: its id, or at least 4 characters of it after tsk_
    #[arg(add = candidates::running())]
    id: String,
    /// What went wrong; @FILE or - reads it from a file or standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    error: String,
    /// What the work printed; likewise
    #[arg(long, allow_hyphen_values = true)]
    stdout: Option<String>,
    /// What the work printed on its error stream; likewise
    #[arg(long, allow_hyphen_values = true)]
    stderr: Option<String>,
}

impl Fail {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let texts = Texts::new(ui);
        let error = texts.read("--error", self.error)?;
        let stdout = texts.read_if_given("--stdout", self.stdout)?;
        let stderr = texts.read_if_given("--stderr", self.stderr)?;
        ui.finished(&door.fail(
            self.id,
            wire::Fail {
                error,
                stdout,
                stderr,
            },
        )?)
    }
}
