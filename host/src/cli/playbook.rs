use clap::Args;

use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui, visible};

/// Print the playbook for workers: how to claim, carry out and hand in tasks
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq playbook --stream auth")]
pub(super) struct Playbook {
    /// The stream that its commands are for: id or name; the one with most to do when not given
    #[arg(long, add = candidates::streams())]
    stream: Option<String>,
}

impl Playbook {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let text = door.playbook(self.stream)?;
        if ui.wants_json() {
            return ui.json(&serde_json::json!({ "playbook": text }));
        }
        ui.line(visible(text.trim_end()))
    }
}
