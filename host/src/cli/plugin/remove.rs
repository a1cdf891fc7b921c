use clap::Args;
use sparkq_core::{Code, Refusal};

use super::{consent, install};
use crate::cli::candidates;
use crate::cli::door::Here;
use crate::cli::ui::{Problem, Ui};

/// Remove a plugin from sparkq.toml, and take the consent to it back
///
/// Its component stays where it is. Tasks of its tools stay too; they can be completed, but no new ones are taken.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin remove acme-deploy")]
pub(in crate::cli) struct Remove {
    /// The plugin
    #[arg(add = candidates::plugins())]
    name: String,
}

impl Remove {
    pub(in crate::cli) fn run(self, here: Here, ui: &Ui) -> Result<(), Problem> {
        let project = here.project();
        let name = self.name;
        let table = install::table(project, &name)?;
        let prefix = format!("{name}/");
        let mut tools = project.config.tools.iter();
        let uses = tools.find(|(_, tool)| {
            let uses = tool.uses.as_deref();
            uses.is_some_and(|uses| uses.starts_with(&prefix))
        });
        if let Some((tool, _)) = uses {
            return Err(Refusal::Project {
                code: Code::InvalidValue,
                message: format!(
                    "plugin `{name}` is in use: [tools.{tool}] in sparkq.toml is on a tool of it"
                ),
                hint: format!(
                    "take [tools.{tool}] out first, then: {}",
                    install::command("remove", &name)
                ),
            }
            .into());
        }
        install::write(project, |draft| draft.remove_plugin(&name))?;
        consent::withdraw(project, &name)?;
        install::take_over(&here, ui)?;
        ui.status(format_args!(
            "Removed plugin `{name}`; its component stays at {}.",
            table.path.display()
        ));
        Ok(())
    }
}
