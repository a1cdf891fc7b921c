use std::io::{self, IsTerminal as _};

use clap::{Args, Subcommand};
use dialoguer::Editor;
use sparkq_core::Refusal;
use sparkq_core::wire::{Activity, EditStream, NewStream, Stream as Row};

use super::args::Texts;
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};
use crate::queue::Error;

/// Streams: FIFO lanes of tasks, with instructions for whoever works on them
#[derive(Debug, Subcommand)]
pub(super) enum Stream {
    Create(Create),
    List(List),
    Show(Show),
    Edit(Edit),
    End(End),
    Reopen(Reopen),
}

/// Make a stream, and print its id
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sparkq stream create auth --session sprint-12 --instructions @docs/auth.md"
)]
pub(super) struct Create {
    /// Its name: letters, digits, `.`, `_` and `-`
    name: String,
    /// The session it belongs to: id or name
    #[arg(long, add = candidates::sessions())]
    session: String,
    /// What its workers are to keep in mind; @FILE or - reads it from a file or standard input
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    instructions: String,
}

/// List the streams with their counts
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq stream list --session sprint-12")]
pub(super) struct List {
    /// Only this session's: id or name
    #[arg(long, add = candidates::sessions())]
    session: Option<String>,
}

/// Show one stream with its instructions and counts
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq stream show auth")]
pub(super) struct Show {
    /// The stream: id or name
    #[arg(add = candidates::streams())]
    stream: String,
}

/// Rename a stream, or change its instructions; with neither given, opens them in $EDITOR
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq stream edit auth --instructions @docs/auth.md")]
pub(super) struct Edit {
    /// The stream: id or name
    #[arg(add = candidates::streams())]
    stream: String,
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    /// Its new instructions; @FILE or - reads them from a file or standard input
    #[arg(long, allow_hyphen_values = true)]
    instructions: Option<String>,
}

/// End a stream: it takes and hands out nothing any more
///
/// Running tasks can still be completed or failed; queued ones stay until they are requeued elsewhere.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq stream end auth")]
pub(super) struct End {
    /// The stream: id or name
    #[arg(add = candidates::streams())]
    stream: String,
}

/// Reopen an ended stream
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq stream reopen auth")]
pub(super) struct Reopen {
    /// The stream: id or name
    #[arg(add = candidates::streams())]
    stream: String,
}

impl Stream {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        match self {
            Self::Create(create) => create.run(door, ui),
            Self::List(list) => list.run(door, ui),
            Self::Show(show) => show.run(door, ui),
            Self::Edit(edit) => edit.run(door, ui),
            Self::End(end) => turn(door, end.stream, Activity::Ended, ui),
            Self::Reopen(reopen) => turn(door, reopen.stream, Activity::Active, ui),
        }
    }
}

impl Create {
    fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let instructions = Texts::new(ui).read("--instructions", self.instructions)?;
        let stream = door.create_stream(NewStream {
            name: self.name,
            session_id: self.session,
            instructions,
        })?;
        if ui.wants_json() {
            return ui.json(&stream);
        }
        ui.line(&stream.id)?;
        ui.status(format_args!(
            "Next: sparkq enqueue TOOL PAYLOAD --stream {}",
            stream.name
        ));
        Ok(())
    }
}

impl List {
    fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let streams = door.streams(self.session)?;
        if ui.wants_json() {
            return ui.json(&streams);
        }
        if streams.items.is_empty() {
            ui.status(
                "There is no stream yet. Create one: sparkq stream create NAME --session SESSION",
            );
            return Ok(());
        }
        let headings = [
            "id",
            "name",
            "session",
            "status",
            "queued",
            "running",
            "succeeded",
            "failed",
            "instructions",
        ];
        ui.table(&headings, streams.items.into_iter().map(row).collect())
    }
}

fn row(stream: Row) -> Vec<String> {
    let counts = [
        stream.counts.queued,
        stream.counts.running,
        stream.counts.succeeded,
        stream.counts.failed,
    ];
    let mut row = vec![
        stream.id.into(),
        stream.name.into(),
        stream.session_name.into(),
        stream.status.to_string(),
    ];
    row.extend(counts.map(|count| count.to_string()));
    row.push(
        stream
            .instructions
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    );
    row
}

impl Show {
    fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let stream = door.stream(self.stream)?;
        if ui.wants_json() {
            return ui.json(&stream);
        }
        let counts = stream.counts;
        let tasks = format!(
            "{} queued, {} running, {} succeeded, {} failed",
            counts.queued, counts.running, counts.succeeded, counts.failed
        );
        ui.facts(&[
            ("id", stream.id.to_string()),
            ("name", stream.name.to_string()),
            ("session", stream.session_name.to_string()),
            ("status", stream.status.to_string()),
            ("tasks", tasks),
            ("created", stream.created_at.to_string()),
        ])?;
        ui.block("Instructions", &stream.instructions)
    }
}

impl Edit {
    fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let given = Texts::new(ui).read_if_given("--instructions", self.instructions)?;
        let instructions = match (given, &self.name) {
            (None, None) => match by_hand(door, &self.stream)? {
                None => {
                    ui.status("Nothing was changed.");
                    return Ok(());
                }
                edited => edited,
            },
            (given, _) => given,
        };
        let edit = EditStream {
            name: self.name,
            instructions,
            status: None,
        };
        changed(&door.edit_stream(self.stream, edit)?, ui)
    }
}

/// Opens the instructions in the user's editor; none when they were left as they are.
fn by_hand(door: &Door, stream: &str) -> Result<Option<String>, Problem> {
    let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    let stream = door.stream(stream.to_owned())?;
    if !terminal {
        let why = "is missing, and there is no terminal to open an editor on".to_owned();
        return Err(Refusal::InvalidRequest {
            argument: "--instructions".to_owned(),
            why,
        }
        .into());
    }
    let edited = Editor::new()
        .extension(".md")
        .trim_newlines(false)
        .edit(&stream.instructions);
    let edited = edited.map_err(|error| Error::Internal(format!("the editor failed: {error}")))?;
    Ok(edited.filter(|text| *text != stream.instructions))
}

/// Ends or reopens a stream.
fn turn(door: &Door, stream: String, status: Activity, ui: &Ui) -> Result<(), Problem> {
    let edit = EditStream {
        status: Some(status),
        ..EditStream::default()
    };
    changed(&door.edit_stream(stream, edit)?, ui)
}

fn changed(stream: &Row, ui: &Ui) -> Result<(), Problem> {
    if ui.wants_json() {
        return ui.json(stream);
    }
    let queued = match (stream.status, stream.counts.queued) {
        (Activity::Ended, 1..) => format!("; {} tasks stay queued", stream.counts.queued),
        _ => String::new(),
    };
    ui.status(format_args!(
        "Stream `{}` is {}{queued}.",
        stream.name, stream.status
    ));
    Ok(())
}
