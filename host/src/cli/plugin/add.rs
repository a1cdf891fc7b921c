use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use sparkq_core::{Code, Refusal};

use super::{consent, install};
use crate::assets;
use crate::cli::door::Here;
use crate::cli::ui::{Problem, Ui};
use crate::config::{self, PluginTable};

/// Where a component goes that does not lie in the project.
const FOLDER: &str = "plugins";

/// Install a plugin: shows what it is and asks for, and has a person consent
///
/// Writes [plugins.NAME] into sparkq.toml, with the component's SHA-256, and keeps the consent outside the project. A component
/// that does not lie in the project is copied to plugins/NAME.wasm. A running server takes the plugin over at once.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sparkq plugin add acme-deploy.wasm\n  sparkq plugin add ~/Downloads/deploy-1.2.wasm --name acme-deploy"
)]
pub(in crate::cli) struct Add {
    /// The component, a .wasm file
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The name to install it under; the file's own when not given
    #[arg(long)]
    name: Option<String>,
}

impl Add {
    pub(in crate::cli) fn run(self, here: Here, ui: &Ui) -> Result<(), Problem> {
        let project = here.project();
        let is_named = self.name.is_some();
        let name = name(&self.file, self.name)?;
        if assets::plugins().iter().any(|file| file.name == name) {
            let why = "the name of a plugin that came with SparkQ; give another with --name";
            return Err(Refusal::invalid("--name", &name, why).into());
        }
        if project.config.plugins.contains_key(&name) {
            return Err(Refusal::Project {
                code: Code::NameTaken,
                message: format!("plugin `{name}` is installed already"),
                hint: format!(
                    "for a newer component: sparkq plugin update {name}; or give another name with --name"
                ),
            }
            .into());
        }
        let component = install::Component::read(&self.file)?;
        let mut command = install::command("add", &self.file.to_string_lossy());
        if is_named {
            command = format!("{command} --name {name}");
        }
        consent::needs_terminal(&command)?;
        let own = install::inside(project, &self.file);
        let path = own
            .clone()
            .unwrap_or_else(|| Path::new(FOLDER).join(format!("{name}.wasm")));
        let mut table = PluginTable {
            path,
            sha256: component.digest.clone(),
            ..PluginTable::default()
        };
        let said = component.said(&name, &table, ui)?;
        install::check_names(&here, &said)?;
        install::grant(project, &mut table, &said)?;
        if !consent::ask(project, &table, &said)? {
            return Err(install::not_consented(&name).into());
        }
        let place = project.root().join(&table.path);
        let is_new = own.is_none() && !place.exists();
        if own.is_none() {
            component.put(&place, false)?;
        }
        let written = install::write(project, |draft| draft.plugin(&name, &table));
        if written.is_err() && is_new {
            // Nothing names it, so it is not left behind.
            let _ = fs::remove_file(&place);
        }
        written?;
        consent::keep(project, &table, &said)?;
        let door = install::take_over(&here, ui)?;
        install::show(&door, &name, ui)
    }
}

/// The name to install a component under.
fn name(file: &Path, given: Option<String>) -> Result<String, Refusal> {
    let stem = || {
        file.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let is_given = given.is_some();
    let name = given.or_else(stem).unwrap_or_default();
    if config::is_name(&name) {
        return Ok(name);
    }
    let why =
        "no plugin's name: a lower-case letter, then up to 62 lower-case letters, digits or `-`";
    Err(if is_given {
        Refusal::invalid("--name", name, why)
    } else {
        Refusal::invalid("FILE", name, format!("{why}; give one with --name"))
    })
}
