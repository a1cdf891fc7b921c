use clap::{Args, Subcommand};
use sparkq_core::wire::{self, Activity, EditSession, NewSession};

use super::args::Texts;
use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// Sessions: bounded periods of work
#[derive(Debug, Subcommand)]
pub(super) enum Session {
    Create(Create),
    List(List),
    Show(Show),
    Edit(Edit),
    End(End),
    Reopen(Reopen),
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

/// Show one session
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq session show sprint-12")]
pub(super) struct Show {
    /// The session: id or name
    #[arg(add = candidates::sessions())]
    session: String,
}

/// Rename a session, or say anew what it is about
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sparkq session edit sprint-12 --description 'Login, billing and mail'"
)]
pub(super) struct Edit {
    /// The session: id or name
    #[arg(add = candidates::sessions())]
    session: String,
    /// Its new name
    #[arg(long, required_unless_present = "description")]
    name: Option<String>,
    /// What it is about; @FILE or - reads it from a file or standard input
    #[arg(long, allow_hyphen_values = true)]
    description: Option<String>,
}

/// End a session and its streams: they take and hand out nothing any more
///
/// Running tasks can still be completed or failed; queued ones stay until they are requeued elsewhere.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq session end sprint-12")]
pub(super) struct End {
    /// The session: id or name
    #[arg(add = candidates::sessions())]
    session: String,
}

/// Reopen an ended session, and the streams that were ended with it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq session reopen sprint-12")]
pub(super) struct Reopen {
    /// The session: id or name
    #[arg(add = candidates::sessions())]
    session: String,
}

impl Session {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        match self {
            Self::Create(create) => create.run(door, ui),
            Self::List(_) => list(door, ui),
            Self::Show(show) => {
                let session = door.session(show.session)?;
                if ui.wants_json() {
                    return ui.json(&session);
                }
                ui.facts(&facts(&session))
            }
            Self::Edit(edit) => edit.run(door, ui),
            Self::End(end) => turn(door, end.session, Activity::Ended, ui),
            Self::Reopen(reopen) => turn(door, reopen.session, Activity::Active, ui),
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

impl Edit {
    fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let description = Texts::new(ui).read_if_given("--description", self.description)?;
        let edit = EditSession {
            name: self.name,
            description,
            status: None,
        };
        changed(&door.edit_session(self.session, edit)?, ui)
    }
}

/// Ends or reopens a session.
fn turn(door: &Door, session: String, status: Activity, ui: &Ui) -> Result<(), Problem> {
    let edit = EditSession {
        status: Some(status),
        ..EditSession::default()
    };
    changed(&door.edit_session(session, edit)?, ui)
}

fn changed(session: &wire::Session, ui: &Ui) -> Result<(), Problem> {
    if ui.wants_json() {
        return ui.json(session);
    }
    ui.status(format_args!(
        "Session `{}` is {}.",
        session.name, session.status
    ));
    Ok(())
}

fn facts(session: &wire::Session) -> [(&'static str, String); 7] {
    let moment = |time: Option<sparkq_core::Time>| time.map(|time| time.to_string());
    [
        ("id", session.id.to_string()),
        ("name", session.name.to_string()),
        ("status", session.status.to_string()),
        ("streams", format!("{} active", session.active_streams)),
        ("started", session.started_at.to_string()),
        ("ended", moment(session.ended_at).unwrap_or_default()),
        ("description", session.description.clone()),
    ]
}

fn list(door: &Door, ui: &Ui) -> Result<(), Problem> {
    let sessions = door.sessions()?;
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
