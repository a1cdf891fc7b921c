use clap::{Args, Subcommand};
use sparkq_core::wire::{NewStream, Stream as Row};
use sparkq_store::Page;

use super::args::Texts;
use super::door::{Door, wait};
use super::ui::{Problem, Ui};

/// Streams: FIFO lanes of tasks, with instructions for whoever works on them
#[derive(Debug, Subcommand)]
pub(super) enum Stream {
    Create(Create),
    List(List),
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
    #[arg(long)]
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
    #[arg(long)]
    session: Option<String>,
}

impl Stream {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        match self {
            Self::Create(create) => create.run(door, ui),
            Self::List(list) => list.run(door, ui),
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
        let streams = wait(door.file()?.streams(self.session, Page::WHOLE))?.value;
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
