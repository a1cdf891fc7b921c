use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use clap::{Args, ValueHint};
use serde::Serialize;
use sparkq_core::Refusal;

use super::test::{show, summary};
use crate::cli::run::runtime;
use crate::cli::ui::{Problem, Ui, visible};
use crate::daemon::asked_to_end;
use crate::kit::{self, Finding, Outcome, Tally, Watch, examine};

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_millis(300);
/// How long nothing must have changed before it is built: an editor saves several files one after the other.
const SETTLED: Duration = Duration::from_millis(50);

/// Build, check and test a plugin now and whenever its folder changes
///
/// Runs until it is interrupted. What goes wrong is shown, and the next change is waited for.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin dev acme-deploy")]
pub(in crate::cli) struct Dev {
    /// The plugin's folder
    #[arg(value_hint = ValueHint::DirPath)]
    dir: PathBuf,
}

/// What one round found, for programs.
#[derive(Debug, Default, Serialize)]
struct Round {
    ok: bool,
    /// What went wrong before there was a component to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What the build said, where it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    findings: Vec<Finding>,
    passed: usize,
    failed: usize,
    tests: Vec<Outcome>,
}

impl Dev {
    pub(in crate::cli) fn run(self, ui: &Ui) -> Result<(), Problem> {
        if !self.dir.is_dir() {
            let dir = self.dir.display().to_string();
            return Err(Refusal::invalid("DIR", dir, "no folder").into());
        }
        let runtime = runtime()?;
        let ended = Arc::new(AtomicBool::new(false));
        let end = {
            let _within = runtime.enter();
            asked_to_end()?
        };
        let told = Arc::clone(&ended);
        runtime.spawn(async move {
            end.await;
            told.store(true, Relaxed);
        });
        let mut watch = Watch::new(&self.dir);
        loop {
            watch.before_build();
            round(&self.dir, ui, &ended)?;
            watch.after_build();
            if !ui.wants_json() {
                let path = self.dir.display().to_string();
                ui.line(format_args!("Waiting for a change in {}", visible(&path)))?;
            }
            while !watch.has_changed() {
                ui.rest(PAUSE)?;
                check(&ended)?;
            }
            while !watch.has_settled() {
                ui.rest(SETTLED)?;
            }
        }
    }
}

/// Ends what goes on quietly once it was asked to.
fn check(ended: &AtomicBool) -> Result<(), Problem> {
    if ended.load(Relaxed) {
        return Err(Problem::ClosedPipe);
    }
    Ok(())
}

/// Builds, checks and tests once. Only what ends all of it is an error here.
fn round(folder: &Path, ui: &Ui, ended: &AtomicBool) -> Result<(), Problem> {
    let building = ui.spinner("Building");
    let built = kit::build(folder, Some(&|| ended.load(Relaxed)));
    building.finish_and_clear();
    check(ended)?;
    let (output, component) = match built {
        Err(refusal) => (String::new(), Err(refusal.to_string())),
        Ok(built) => match built.failure {
            Some(failure) => (built.output, Err(failure)),
            None => (
                String::new(),
                component(folder).map_err(|no| no.to_string()),
            ),
        },
    };
    let round = match component {
        Ok((file, bytes)) => look(folder, &file, &bytes, ui, ended)?,
        Err(why) => {
            if !ui.wants_json() {
                if !output.is_empty() {
                    ui.line(visible(output.trim_end()))?;
                }
                ui.line(format_args!("FAILED  {}", visible(&why)))?;
            }
            Round {
                error: Some(why),
                output,
                ..Round::default()
            }
        }
    };
    if ui.wants_json() {
        return ui.json(&round);
    }
    Ok(())
}

fn component(folder: &Path) -> Result<(PathBuf, Vec<u8>), Refusal> {
    let file = kit::find(folder)?;
    let bytes = kit::read("DIR", &file)?;
    Ok((file, bytes))
}

/// Checks and tests what was built.
fn look(
    folder: &Path,
    file: &Path,
    bytes: &[u8],
    ui: &Ui,
    ended: &AtomicBool,
) -> Result<Round, Problem> {
    let compiling = ui.spinner("Compiling and asking it");
    let examination = examine(bytes, kit::name(file), "{}");
    compiling.finish_and_clear();
    check(ended)?;
    if !ui.wants_json() {
        for finding in &examination.findings {
            ui.line(visible(&finding.to_string()))?;
        }
    }
    let stops = examination.stops();
    let tally = match &examination.record {
        None => Tally::default(),
        Some(record) => kit::test(bytes, record, Some(folder), |outcome| {
            check(ended)?;
            if ui.wants_json() {
                return Ok(());
            }
            show(outcome, ui)
        })?,
    };
    if examination.record.is_some() && !ui.wants_json() {
        ui.line(summary(&tally))?;
    }
    Ok(Round {
        ok: !stops && tally.ok,
        error: None,
        output: String::new(),
        findings: examination.findings,
        passed: tally.passed,
        failed: tally.failed,
        tests: tally.tests,
    })
}
