use clap::{Args, Subcommand};
use sparkq_core::wire::NewSession;
use sparkq_store::Page;

use super::args::Texts;
use super::door::{Door, wait};
use super::ui::{Problem, Ui};

/// Sessions: bounded periods of work
#[derive(Debug, Subcommand)]
pub(super) enum Session {
    Create(Create),
    List(List),
}

/// Make a session, and print its id
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sparkq session create sprint-12 --description 'Login and billing'"
)]
pub(super) struct Create {
    /// Its name: letters, digits, `.`, `_` and `-`
    name: String,
    /// What it is about; @FILE or - reads it from a file or standard input
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    description: String,
}

/// List the sessions, newest first
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq session list")]
pub(super) struct List {}

impl Session {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        match self {
            Self::Create(create) => create.run(door, ui),
            Self::List(_) => list(door, ui),
        }
    }
}

impl Create {
    fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let description = Texts::new(ui).read("--description", self.description)?;
        let session = door.create_session(NewSession {
            name: self.name,
            description,
        })?;
        if ui.wants_json() {
            return ui.json(&session);
        }
        ui.line(&session.id)?;
        ui.status(format_args!(
            "Next: sparkq stream create NAME --session {}",
            session.name
        ));
        Ok(())
    }
}

fn list(door: &Door, ui: &Ui) -> Result<(), Problem> {
    let sessions = wait(door.file()?.sessions(Page::WHOLE))?.value;
    if ui.wants_json() {
        return ui.json(&sessions);
    }
    if sessions.items.is_empty() {
        ui.status("There is no session yet. Create one: sparkq session create NAME");
        return Ok(());
    }
    let row = |session: sparkq_core::wire::Session| {
        let (id, name, streams) = (
            session.id.into(),
            session.name.into(),
            session.active_streams.to_string(),
        );
        vec![
            id,
            name,
            session.status.to_string(),
            streams,
            session.started_at.to_string(),
            session.description,
        ]
    };
    let rows = sessions.items.into_iter().map(row).collect();
    ui.table(
        &["id", "name", "status", "streams", "started", "description"],
        rows,
    )
}
