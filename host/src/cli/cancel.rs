use clap::Args;
use sparkq_core::wire;

use super::args::Texts;
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// Take a queued task out of the queue
///
/// It becomes failed, and can be requeued.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq cancel tsk_7f3k --reason 'no longer needed'")]
pub(super) struct Cancel {
    /// The task: its id, or at least 4 characters of it after tsk_
    #[arg(add = candidates::queued())]
    id: String,
    /// Why; @FILE or - reads it from a file or standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: Option<String>,
}

impl Cancel {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let reason = Texts::new(ui).read_if_given("--reason", self.reason)?;
        let task = door.cancel(self.id, wire::Cancel { reason })?;
        if ui.wants_json() {
            return ui.json(&task);
        }
        ui.status(format_args!("Task {} is cancelled.", task.id));
        Ok(())
    }
}
