use clap::Args;
use sparkq_core::wire::Claimed;
use sparkq_core::{Refusal, Worker};

use super::args::{duration, worker};
use super::candidates;
use super::door::{Door, wait};
use super::ui::{Problem, Ui};

/// Take the oldest queued task of a stream, and print it as JSON
///
/// The task is then running, and yours to complete or fail. Prints nothing when nothing is queued. With --wait it
/// waits for work, and ends with 3 when there was none in time.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq claim --stream auth --worker claude-1
  sparkq claim --stream auth --wait 9m")]
pub(super) struct Claim {
    /// The stream: id or name
    #[arg(long, add = candidates::streams())]
    stream: Option<String>,
    /// Who will do the task; SPARKQ_WORKER, or user@host:PID of the calling shell, when not given
    #[arg(long)]
    worker: Option<String>,
    /// How long to wait for work: 90, 90s, 9m, 2h or 3d; exit 3 when there was none
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    wait: Option<String>,
}

impl Claim {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let Some(stream) = self.stream else {
            let queued = wait(door.look()?.streams_with_work())?.value;
            return Err(Refusal::StreamRequired { queued }.into());
        };
        let patience = self
            .wait
            .as_deref()
            .map(|text| duration("--wait", text))
            .transpose()?;
        let worker = worker(self.worker)?;
        let claimed = door.claim(stream, worker.clone(), patience.unwrap_or_default())?;
        if let Some(claimed) = claimed {
            return match ui.json(&claimed) {
                Err(Problem::ClosedPipe) => give_back(door, &claimed, worker),
                shown => shown.map_err(|problem| problem.holding(&claimed.id)),
            };
        }
        ui.status("Nothing is queued.");
        if patience.is_some() {
            return Err(Problem::WaitedInVain);
        }
        Ok(())
    }
}

/// Queues a task again that nobody has read of. Written to the file right here, also beside a server: there is no
/// address for it, because only the claim itself knows that it went astray.
fn give_back(door: &Door, claimed: &Claimed, worker: Worker) -> Result<(), Problem> {
    let released = door
        .file()
        .and_then(|queue| Ok(wait(queue.release(claimed, worker))?));
    match released {
        Ok(_) => Err(Problem::ClosedPipe),
        Err(problem) => Err(problem.holding(&claimed.id)),
    }
}
