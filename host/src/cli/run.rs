use std::path::Path;
use std::time::Duration;

use clap::Args;
use sparkq_core::{Code, Refusal};

use super::ui::{Problem, Ui};
use crate::config::Project;
use crate::daemon;
use crate::queue::Error;

/// Start the server: the HTTP API and the web page
///
/// Prints its address once requests are taken, and runs until it is interrupted.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq run --no-watch")]
pub(super) struct Run {
    /// The server alone, with no watchers
    #[arg(long)]
    no_watch: bool,
}

impl Run {
    pub(super) fn run(self, config: Option<&Path>, ui: &Ui) -> Result<(), Problem> {
        if !self.no_watch {
            let message =
                "there are no watchers yet; only the server alone can be started".to_owned();
            return Err(Refusal::Project {
                code: Code::InvalidValue,
                message,
                hint: "sparkq run --no-watch".to_owned(),
            }
            .into());
        }
        let project = Project::find(config)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let runtime = runtime
            .map_err(|error| Error::Internal(format!("threads cannot be started: {error}")))?;
        let ready = |address: &str| {
            // A closed pipe ends no server.
            let _ = ui.line(address);
            ui.status("Ctrl-C ends the server.");
        };
        let ended = runtime.block_on(daemon::run(project, ready));
        runtime.shutdown_timeout(Duration::from_millis(200));
        Ok(ended?)
    }
}
