use clap::Args;
use sparkq_core::{Code, Refusal};

use super::{consent, install};
use crate::cli::candidates;
use crate::cli::door::Here;
use crate::cli::ui::{Problem, Ui};

/// Consent to a plugin that sparkq.toml has, as after a clone, or to what has changed of it
///
/// Shows what the plugin is and what it is granted, or how that differs from what was approved before. Has it called again if it was
/// left alone because it kept failing.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin approve acme-deploy")]
pub(in crate::cli) struct Approve {
    /// The plugin
    #[arg(add = candidates::plugins())]
    name: String,
}

impl Approve {
    pub(in crate::cli) fn run(self, here: Here, ui: &Ui) -> Result<(), Problem> {
        let project = here.project();
        let name = self.name;
        let table = install::table(project, &name)?;
        consent::needs_terminal(&install::command("approve", &name))?;
        let path = project.root().join(&table.path);
        let component = install::Component::read(&path)?;
        if component.digest != table.sha256 {
            return Err(Refusal::Project {
                code: Code::PluginBroken,
                message: format!(
                    "{} is another component than [plugins.{name}] sha256 in sparkq.toml says",
                    path.display()
                ),
                hint: format!(
                    "if it was you who put it there: {}",
                    install::command("update", &name)
                ),
            }
            .into());
        }
        let said = component.said(&name, &table, ui)?;
        install::check_names(&here, &said)?;
        if !consent::ask(project, &table, &said)? {
            return Err(install::not_consented(&name).into());
        }
        consent::keep(project, &table, &said)?;
        let door = install::take_over(&here, ui)?;
        install::show(&door, &name, ui)
    }
}
