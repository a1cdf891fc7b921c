use clap::Args;

use super::candidates;
use super::door::{Here, wait};
use super::ui::{Problem, Ui};
use crate::daemon::{RunFolder, Stopped, stop_all, stop_watcher, watcher_of};

/// End the server and all watchers, or the watcher of one stream
///
/// Returns when they have ended, also when nothing ran. Running tasks stay running.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq stop\n  sparkq stop --stream auth")]
pub(super) struct Stop {
    /// Only the watcher of this stream: id or name
    #[arg(long, add = candidates::streams())]
    stream: Option<String>,
}

impl Stop {
    pub(super) fn run(self, here: &Here, ui: &Ui) -> Result<(), Problem> {
        let stopped = match self.stream {
            Some(stream) => one(here, stream)?,
            None => stop_all(&RunFolder::of(here.project()))?,
        };
        show(&stopped, ui)
    }
}

/// Ends the watcher of one stream: the server lets go of it, any other process is asked to end.
fn one(here: &Here, given: String) -> Result<Stopped, Problem> {
    let folder = RunFolder::of(here.project());
    let stream = wait(here.file()?.stream(given))?.value;
    let watcher = watcher_of(&folder, &stream.name);
    // The server first, also where another process watches: one that watches the session would take over.
    here.let_go(&stream.id)?;
    stop_watcher(&folder, &stream.name)?;
    Ok(Stopped {
        server: None,
        watchers: watcher.into_iter().collect(),
    })
}

/// Says what was ended.
pub(super) fn show(stopped: &Stopped, ui: &Ui) -> Result<(), Problem> {
    if ui.wants_json() {
        return ui.json(stopped);
    }
    if let Some(server) = &stopped.server {
        let pid = server
            .pid
            .map_or_else(String::new, |pid| format!(" (process {pid})"));
        ui.status(format_args!("The server{pid} has ended."));
    }
    for watcher in &stopped.watchers {
        ui.status(format_args!(
            "Nobody watches `{}` any more.",
            watcher.stream
        ));
    }
    if stopped.server.is_none() && stopped.watchers.is_empty() {
        ui.status("Nothing was running.");
    }
    Ok(())
}
