use clap::Args;
use sparkq_core::{Code, Refusal, TaskId};

use super::args::{duration, worker};
use super::candidates;
use super::door::Door;
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
            let queued = door.streams_with_work()?;
            return Err(Refusal::StreamRequired { queued }.into());
        };
        let patience = self
            .wait
            .as_deref()
            .map(|text| duration("--wait", text))
            .transpose()?;
        let worker = worker(self.worker)?;
        if let Some(taken) = door.claim(stream, worker, patience.unwrap_or_default())? {
            let id = &taken.task.id;
            return match ui.json(&taken.task) {
                // Nobody has read of the task, so somebody else may have it.
                Err(Problem::ClosedPipe) => match door.give_back(&taken) {
                    Ok(true) => Err(Problem::ClosedPipe),
                    Ok(false) => Err(not_given_back(id)),
                    Err(problem) => Err(problem.holding(id)),
                },
                shown => shown.map_err(|problem| problem.holding(id)),
            };
        }
        ui.status("Nothing is queued.");
        if patience.is_some() {
            return Err(Problem::WaitedInVain);
        }
        Ok(())
    }
}

/// Says that a task was meant to be queued again, and is in other hands by now.
fn not_given_back(id: &TaskId) -> Problem {
    Refusal::Project {
        code: Code::WrongState,
        message: format!(
            "nobody reads of task `{id}` here, and it cannot be queued again: it is over, or another's by now"
        ),
        hint: format!("sparkq task {id}"),
    }
    .into()
}
