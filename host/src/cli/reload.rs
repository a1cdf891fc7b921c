use clap::Args;

use super::door::Door;
use super::ui::{Problem, Ui};

/// Have the server read sparkq.toml, the plugins and the scripts anew, with no restart
///
/// When any of them is broken the server keeps what it has. Without a server they are only checked.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq reload")]
pub(super) struct Reload {}

impl Reload {
    #[expect(clippy::unused_self, reason = "every verb is run on its arguments")]
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let (reloaded, told) = door.reload()?;
        if ui.wants_json() {
            return ui.json(&reloaded);
        }
        for warning in &reloaded.warnings {
            ui.status(format_args!("Warning: {warning}"));
        }
        let count = |number: usize, word: &str| {
            let more = if number == 1 { "" } else { "s" };
            format!("{number} {word}{more}")
        };
        let tools = count(reloaded.tools, "tool");
        let scripts = count(reloaded.scripts, "script");
        ui.status(if told {
            format!("The server has read everything anew: {tools}, {scripts}.")
        } else {
            format!("All is well: {tools}, {scripts}. There is no server to tell.")
        });
        Ok(())
    }
}
