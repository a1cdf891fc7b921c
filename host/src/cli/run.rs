use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use dialoguer::Select;
use sparkq_core::wire::{Activity, ServerInfo, Stream};
use sparkq_core::{Code, Refusal};
use sparkq_store::Page;
use tokio::runtime::{Builder, Runtime};

use super::candidates;
use super::door::{Here, wait};
use super::ui::{Problem, Ui, visible};
use crate::daemon::{self, Onlooker, RunFolder, Start, Told, Watch};
use crate::queue::Error;

/// Start the server: the HTTP API, the web page, and the watchers that wake workers
///
/// On a terminal it asks for the session and the stream to watch. Prints its address once requests are taken, and runs
/// until it is interrupted.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq run --session sprint-12 --detach")]
pub(super) struct Run {
    /// Watch all streams of this session, also those made later: id or name
    #[arg(long, conflicts_with = "no_watch", add = candidates::sessions())]
    session: Option<String>,
    /// Run in the background, and return once the server answers
    #[arg(long)]
    detach: bool,
    /// The server alone, with no watchers
    #[arg(long)]
    no_watch: bool,
    /// Watch this stream, as it was chosen
    #[arg(long, hide = true, conflicts_with_all = ["session", "no_watch"])]
    stream: Option<String>,
    /// Be the one that was started with --detach
    #[arg(long, hide = true)]
    detached: bool,
}

impl Run {
    pub(super) fn run(self, here: &Here, ui: &Ui) -> Result<(), Problem> {
        if self.detached {
            daemon::leave_terminal();
        }
        let project = here.project();
        if let Some(server) = daemon::live_server(&RunFolder::of(project))? {
            return Err(daemon::already_running(&server).into());
        }
        let watch = match (self.session, self.stream) {
            _ if self.no_watch => Watch::Nothing,
            (Some(session), _) => Watch::Session(session),
            (_, Some(stream)) => Watch::Stream(stream),
            (None, None) => match ask(here, ui)? {
                Some(stream) => Watch::Stream(stream),
                None => return Ok(()),
            },
        };
        if self.detach {
            let server = daemon::detach(project, &watch)?;
            show_streams(here, ui, &watch)?;
            announce(ui, &server)?;
            ui.status("The server runs in the background. End it: sparkq stop");
            return Ok(());
        }
        let start = Start {
            project: project.clone(),
            watch,
            onlooker: looking_on(ui),
        };
        let ready = |address: &str| {
            let server = ServerInfo {
                pid: Some(std::process::id()),
                address: Some(address.to_owned()),
            };
            // A closed pipe ends no server.
            let _ = announce(ui, &server);
            ui.status("Ctrl-C ends the server.");
        };
        let runtime = runtime()?;
        let ended = runtime.block_on(daemon::run(start, ready));
        runtime.shutdown_timeout(Duration::from_millis(200));
        Ok(ended?)
    }
}

/// The threads of a process that stays.
pub(super) fn runtime() -> Result<Runtime, Error> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Error::Internal(format!("threads cannot be started: {error}")))
}

/// Shows what watchers do, when a person is there.
pub(super) fn looking_on(ui: &Ui) -> Onlooker {
    let ui = ui.clone();
    Arc::new(move |told| match told {
        Told::Watching(stream) => ui.status(about(stream)),
        Told::Woke(stream) => ui.status(format_args!("Woke a worker of `{stream}`.")),
        Told::Ended(stream) => ui.status(format_args!("Stream `{stream}` has ended.")),
    })
}

fn announce(ui: &Ui, server: &ServerInfo) -> Result<(), Problem> {
    if ui.wants_json() {
        return ui.json(server);
    }
    ui.line(server.address.as_deref().unwrap_or_default())
}

/// A stream's queued count and instructions, for a person.
fn about(stream: &Stream) -> String {
    let heading = format!(
        "Watching `{}`: {} queued.",
        stream.name, stream.counts.queued
    );
    let lines = stream.instructions.lines();
    lines.fold(heading, |text, line| text + "\n  " + &visible(line))
}

/// Shows the streams that a server in the background watches.
fn show_streams(here: &Here, ui: &Ui, watch: &Watch) -> Result<(), Problem> {
    let queue = here.file()?;
    let streams = match watch {
        Watch::Nothing => Vec::new(),
        Watch::Stream(stream) => vec![wait(queue.stream(stream.clone()))?.value],
        Watch::Session(session) => {
            wait(queue.streams(Some(session.clone()), Page::WHOLE))?
                .value
                .items
        }
    };
    for stream in streams {
        if stream.status == Activity::Active {
            ui.status(about(&stream));
        }
    }
    Ok(())
}

/// Asks for the session, then for its stream; what is the only one is taken. None when the person chose none.
fn ask(here: &Here, ui: &Ui) -> Result<Option<String>, Problem> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Refusal::Project {
            code: Code::InvalidValue,
            message: "run asks which stream to watch, and this is no terminal: give --session or --no-watch"
                .to_owned(),
            hint: "sparkq run --session SESSION, or without watchers: sparkq run --no-watch".to_owned(),
        }
        .into());
    }
    let queue = here.file()?;
    let streams = wait(queue.streams(None, Page::WHOLE))?.value.items;
    let streams: Vec<_> = streams
        .into_iter()
        .filter(|stream| stream.status == Activity::Active)
        .collect();
    let sessions = wait(queue.sessions(Page::WHOLE))?.value.items;
    let sessions: Vec<_> = sessions
        .into_iter()
        .filter(|session| session.status == Activity::Active)
        .collect();
    let labels = sessions.iter().map(|session| {
        let own = streams
            .iter()
            .filter(|stream| stream.session_id == session.id);
        let queued: u64 = own.map(|stream| stream.counts.queued).sum();
        format!("{} ({queued} queued)", session.name)
    });
    let Some(place) = choose("Session", labels.collect(), || {
        nothing(
            "there is no active session",
            "sparkq session create NAME".to_owned(),
        )
    })?
    else {
        ui.status("Nothing was started.");
        return Ok(None);
    };
    let session = &sessions[place];
    let streams: Vec<_> = streams
        .into_iter()
        .filter(|stream| stream.session_id == session.id)
        .collect();
    let labels = streams
        .iter()
        .map(|stream| format!("{} ({} queued)", stream.name, stream.counts.queued));
    let Some(place) = choose("Stream", labels.collect(), || {
        nothing(
            &format!("session `{}` has no active stream", session.name),
            format!("sparkq stream create NAME --session {}", session.name),
        )
    })?
    else {
        ui.status("Nothing was started.");
        return Ok(None);
    };
    Ok(Some(streams[place].id.to_string()))
}

/// Has a person choose one of `labels`; the only one is taken. None when no choice was made.
fn choose(
    prompt: &str,
    labels: Vec<String>,
    none: impl FnOnce() -> Refusal,
) -> Result<Option<usize>, Problem> {
    match labels.len() {
        0 => Err(none().into()),
        1 => Ok(Some(0)),
        _ => {
            let select = Select::new().with_prompt(prompt).items(&labels).default(0);
            match select.interact_opt() {
                Ok(chosen) => Ok(chosen),
                Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => {
                    Ok(None)
                }
                Err(dialoguer::Error::IO(error)) => {
                    Err(Error::Internal(format!("the terminal cannot be read: {error}")).into())
                }
            }
        }
    }
}

fn nothing(message: &str, command: String) -> Refusal {
    Refusal::Project {
        code: Code::InvalidValue,
        message: message.to_owned(),
        hint: format!("create one: {command}"),
    }
}
