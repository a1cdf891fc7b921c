use std::sync::Arc;

use clap::Args;
use sparkq_core::Code;
use sparkq_core::wire::{BulkPurge, Filter, Purged};

use super::args::duration;
use super::door::Door;
use super::ui::{Problem, Ui};
use crate::queue::Progress;

/// How often a purge is planned anew when the queue changes under it.
const TRIES: u32 = 3;

/// Remove tasks that finished some time ago, and what is left empty
///
/// Takes succeeded and failed tasks with their outputs and history, and ended streams and sessions that hold nothing
/// any more. Never touches a queued or running task.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq purge --dry-run
  sparkq purge --older-than 12h")]
pub(super) struct Purge {
    /// How long ago they finished: 90, 90s, 9m, 2h or 3d, and 0 for all; as long as sparkq.toml says when not given
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    older_than: Option<String>,
    /// Only say what would be removed
    #[arg(long)]
    dry_run: bool,
}

impl Purge {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let age = match &self.older_than {
            Some(text) => duration("--older-than", text)?.as_secs(),
            None => door.keeps()?.as_secs(),
        };
        let purge = BulkPurge {
            filter: Filter {
                older_than: Some(format!("{age}s")),
                ..Filter::default()
            },
            dry_run: true,
            count: None,
        };
        let nothing: Progress = Arc::new(|_| ());
        for tried in 1.. {
            let plan = door.purge(&purge, &nothing)?;
            if self.dry_run {
                return show(&plan, "would be removed", ui);
            }
            let bar = ui.progress("Purging", plan.tasks);
            let told = bar.clone();
            let progress: Progress = Arc::new(move |gone| told.set_position(gone));
            let real = BulkPurge {
                dry_run: false,
                count: Some(plan.tasks),
                ..purge.clone()
            };
            let done = door.purge(&real, &progress);
            bar.finish_and_clear();
            match done {
                Err(Problem::Error(body))
                    if body.code == Code::CountDiffers.as_str() && tried < TRIES => {}
                done => return show(&done?, "removed", ui),
            }
        }
        Ok(())
    }
}

fn show(purged: &Purged, what: &str, ui: &Ui) -> Result<(), Problem> {
    if ui.wants_json() {
        return ui.json(purged);
    }
    let count =
        |number: u64, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    ui.line(format_args!(
        "{}, {}, {} {what}",
        count(purged.tasks, "task"),
        count(purged.streams, "stream"),
        count(purged.sessions, "session")
    ))
}
