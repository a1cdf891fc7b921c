use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{consent, install};
use crate::cli::candidates;
use crate::cli::door::{Door, Here};
use crate::cli::ui::{Problem, Ui};

/// Take over a plugin's new component: writes its SHA-256 into sparkq.toml
///
/// The component is the file that sparkq.toml names, which has changed, or FILE, which is put in its place. On a terminal it shows what is
/// different and asks for consent; elsewhere the plugin is not called before somebody has approved it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sparkq plugin update acme-deploy\n  sparkq plugin update acme-deploy ~/Downloads/deploy-1.3.wasm"
)]
pub(in crate::cli) struct Update {
    /// The plugin
    #[arg(add = candidates::plugins())]
    name: String,
    /// The new component; what lies in the project already when not given
    #[arg(value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
}

impl Update {
    pub(in crate::cli) fn run(self, here: Here, ui: &Ui) -> Result<(), Problem> {
        let project = here.project();
        let name = self.name;
        let mut table = install::table(project, &name)?;
        let place = project.root().join(&table.path);
        let component = install::Component::read(self.file.as_ref().unwrap_or(&place))?;
        if component.digest == table.sha256 && self.file.is_none() {
            ui.status(format_args!(
                "Nothing has changed: {} is the component that sparkq.toml names. For one elsewhere: sparkq plugin update {name} FILE",
                place.display()
            ));
            return install::show(&Door::Here(here), &name, ui);
        }
        table.sha256.clone_from(&component.digest);
        let said = component.said(&name, &table, ui)?;
        install::check_names(&here, &said)?;
        let asks = consent::is_on_terminal();
        if asks {
            install::grant(project, &mut table, &said)?;
            if !consent::ask(project, &table, &said)? {
                return Err(install::not_consented(&name).into());
            }
        }
        if self.file.is_some() {
            component.put(&place, true)?;
        }
        install::write(project, |draft| draft.plugin(&name, &table))?;
        if asks {
            consent::keep(project, &table, &said)?;
        }
        let door = install::take_over(&here, ui)?;
        install::show(&door, &name, ui)
    }
}
