use clap::Args;

use super::candidates;
use super::door::Here;
use super::run::{looking_on, runtime};
use super::ui::{Problem, Ui};
use crate::daemon::watch_alone;

/// Wake the worker of a stream, as a process of its own
///
/// Runs until it is interrupted, or until the stream ends. `sparkq run` does the same inside the server. A worker
/// waits with: touch .sparkq/run/STREAM.done && timeout 540 head -1 .sparkq/run/STREAM.pipe
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq watch auth")]
pub(super) struct Watch {
    /// The stream: id or name
    #[arg(add = candidates::streams())]
    stream: String,
}

impl Watch {
    pub(super) fn run(self, here: &Here, ui: &Ui) -> Result<(), Problem> {
        let project = here.project().clone();
        let watching = watch_alone(project, self.stream, looking_on(ui));
        Ok(runtime()?.block_on(watching)?)
    }
}
