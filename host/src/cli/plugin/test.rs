use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use sparkq_core::{Code, Refusal};

use crate::cli::ui::{Problem, Ui, visible};
use crate::config::word;
use crate::kit::{self, Built, Outcome, Tally, examine};

/// Build a plugin and test it: its own cases, and what has to hold for every plugin
///
/// Runs DIR/build.sh, which leaves one .wasm file in DIR, then each case DIR/tests/*.json, then payloads and results that are
/// made up: none may be a fault, what is normalized must stay as it is, and a fresh instance must answer as a warm one does.
///
/// A case holds `tool` and `payload`, and what is expected: `normalized` with `payload` and `label`; or `issues`, each with
/// `pointer` and `code`; or `result` and `verdict` (succeeded, failed, unsure). What is there and granted it says itself:
/// `scripts` (paths), `files` (grants, with their files and what stands in these), `env` and `config`. A case of an indexer
/// holds `path` and `text`, and as `script` what has to be known of it, or null; `findings` are those of its header.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sparkq plugin test acme-deploy\n  sparkq plugin test acme-deploy --no-build\n  sparkq plugin test acme-deploy/acme-deploy.wasm"
)]
pub(in crate::cli) struct Test {
    /// The plugin's folder, or a component by itself
    #[arg(value_hint = ValueHint::AnyPath)]
    dir: PathBuf,
    /// Test the component that is there
    #[arg(long)]
    no_build: bool,
}

impl Test {
    pub(in crate::cli) fn run(self, ui: &Ui) -> Result<(), Problem> {
        let folder = (!self.dir.is_file()).then_some(self.dir.as_path());
        if let Some(folder) = folder.filter(|_| !self.no_build) {
            let building = ui.spinner("Building");
            let built = kit::build(folder, None);
            building.finish_and_clear();
            check_build(&built?)?;
        }
        let file = match folder {
            Some(folder) => kit::find(folder)?,
            None => self.dir.clone(),
        };
        let tally = test(&file, folder, ui)?;
        if ui.wants_json() {
            ui.json(&tally)?;
        } else {
            ui.line(summary(&tally))?;
        }
        if tally.ok {
            return Ok(());
        }
        let hint = folder.map(|folder| {
            let dir = folder.display().to_string();
            format!(
                "mend it, and have them run at every change: sparkq plugin dev {}",
                word(&dir)
            )
        });
        Err(Refusal::Project {
            code: Code::PluginTestsFailed,
            message: format!("{} of {} tests failed", tally.failed, tally.tests.len()),
            hint: hint.unwrap_or_default(),
        }
        .into())
    }
}

/// Says what a build said that went wrong.
fn check_build(built: &Built) -> Result<(), Problem> {
    let Some(failure) = &built.failure else {
        return Ok(());
    };
    Err(Refusal::Project {
        code: Code::PluginBuildFailed,
        message: format!("{failure}\n{}", built.output.trim_end()),
        hint: String::new(),
    }
    .into())
}

/// Tests a component, each test shown when it is over.
fn test(file: &Path, folder: Option<&Path>, ui: &Ui) -> Result<Tally, Problem> {
    let bytes = kit::read("DIR", file)?;
    let compiling = ui.spinner("Compiling and asking it");
    let examination = examine(&bytes, kit::name(file), "{}");
    compiling.finish_and_clear();
    let Some(record) = &examination.record else {
        let path = file.display().to_string();
        return Err(Refusal::Project {
            code: Code::PluginUnfit,
            message: format!("{path} cannot be tested, because it cannot be used"),
            hint: format!("see why: sparkq plugin check {}", word(&path)),
        }
        .into());
    };
    kit::test(&bytes, record, folder, |outcome| {
        if ui.wants_json() {
            return Ok(());
        }
        show(outcome, ui)
    })
}

/// Shows how a test went.
pub(super) fn show(outcome: &Outcome, ui: &Ui) -> Result<(), Problem> {
    ui.line(visible(&outcome.to_string()))
}

/// How all tests went, in a line.
pub(super) fn summary(tally: &Tally) -> String {
    format!("{} passed, {} failed", tally.passed, tally.failed)
}
