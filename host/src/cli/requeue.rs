use clap::Args;
use sparkq_core::wire;

use super::args::Texts;
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// Queue a failed task once more, as a clone, and print the clone's id
///
/// The task itself stays as it is. Its payload is checked again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq requeue tsk_7f3k
  sparkq requeue tsk_7f3k --payload '{\"script_path\":\"scripts/build.sh\",\"args\":[\"--clean\"]}'")]
pub(super) struct Requeue {
    /// The task: its id, or at least 4 characters of it after tsk_
    #[arg(add = candidates::failed())]
    id: String,
    /// The stream for the clone: id or name; the task's own when not given
    #[arg(long, add = candidates::streams())]
    stream: Option<String>,
    /// Another payload: a JSON object, @FILE, or - for standard input
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    payload: Option<String>,
    /// Also when the task has succeeded
    #[arg(long)]
    force: bool,
}

impl Requeue {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let texts = Texts::new(ui);
        let read = |given| texts.object("--payload", given);
        let requeue = wire::Requeue {
            stream_id: self.stream,
            payload: self.payload.map(read).transpose()?,
            force: self.force,
        };
        let task = door.requeue(self.id, requeue)?;
        if ui.wants_json() {
            return ui.json(&task);
        }
        ui.line(&task.id)?;
        ui.status(format_args!(
            "Queued {} again in `{}`.",
            task.label, task.stream_name
        ));
        Ok(())
    }
}
