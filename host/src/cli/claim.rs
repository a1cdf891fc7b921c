use clap::Args;
use sparkq_core::Refusal;

use super::args::worker;
use super::door::{Door, wait};
use super::ui::{Problem, Ui};

/// Take the oldest queued task of a stream, and print it as JSON
///
/// The task is then running, and yours to complete or fail. Prints nothing when nothing is queued.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq claim --stream auth --worker claude-1")]
pub(super) struct Claim {
    /// The stream: id or name
    #[arg(long)]
    stream: Option<String>,
    /// Who will do the task; SPARKQ_WORKER, or user@host:PID of the calling shell, when not given
    #[arg(long)]
    worker: Option<String>,
}

impl Claim {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let Some(stream) = self.stream else {
            let queued = wait(door.file()?.streams_with_work())?.value;
            return Err(Refusal::StreamRequired { queued }.into());
        };
        let claimed = door.claim(stream, worker(self.worker)?)?;
        if let Some(claimed) = claimed {
            return ui.json(&claimed);
        }
        ui.status("Nothing is queued.");
        Ok(())
    }
}
