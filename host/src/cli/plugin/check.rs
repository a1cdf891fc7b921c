use std::path::PathBuf;

use clap::{Args, ValueHint};
use sparkq_core::{Code, Refusal};

use crate::cli::ui::{Problem, Ui, visible};
use crate::config::word;
use crate::kit::{self, Report, examine};

/// Find what is wrong with a component before anybody adds it, and how to mend it
///
/// It runs in the sandbox, and nothing is granted to it. What is found is printed a finding a line, with its fix below;
/// with an error among it the exit is 1, and `sparkq plugin add` would refuse the component too.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin check acme-deploy/acme-deploy.wasm")]
pub(in crate::cli) struct Check {
    /// The component, a .wasm file
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

impl Check {
    pub(in crate::cli) fn run(self, ui: &Ui) -> Result<(), Problem> {
        let path = self.file.display().to_string();
        let bytes = kit::read("FILE", &self.file)?;
        let compiling = ui.spinner("Compiling and asking it");
        let examination = examine(&bytes, kit::name(&self.file), "{}").of_file(&word(&path));
        compiling.finish_and_clear();
        if ui.wants_json() {
            ui.json(&Report::from(&examination))?;
        } else {
            for finding in &examination.findings {
                ui.line(visible(&finding.to_string()))?;
            }
        }
        if !examination.stops() {
            ui.status(format_args!(
                "{path} can be added: sparkq plugin add {}",
                word(&path)
            ));
            return Ok(());
        }
        let errors = examination.findings.iter().filter(|one| one.is_error());
        Err(Refusal::Project {
            code: Code::PluginUnfit,
            message: match errors.count() {
                1 => format!("{path} cannot be added: an error was found in it"),
                many => format!("{path} cannot be added: {many} errors were found in it"),
            },
            hint: String::new(),
        }
        .into())
    }
}
