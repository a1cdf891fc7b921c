use rusqlite::{Connection, OptionalExtension, named_params};
use sparkq_core::wire::{EventKind, Session};
use sparkq_core::{Kind, Refusal, SessionId};

use super::event::NewEvent;
use super::lookup::session_query;
use super::{Run, Tx, lookup, rows};
use crate::error::{Error, Fault};
use crate::request::CreateSession;

impl Run for CreateSession {
    fn run(&self, tx: &Tx<'_>) -> Result<Session, Error> {
        let taken = tx.sql("SELECT name FROM sessions WHERE name = ?1 AND status = 'active'")?;
        tx.refuse_taken(taken, Kind::Session, self.name.as_str())?;
        let id = tx.unused("SELECT 1 FROM sessions WHERE id = ?1", SessionId::from_entropy, SessionId::as_str)?;
        let mut insert = tx.sql(
            "INSERT INTO sessions (id, project_id, name, description, status, started_at, created_at, updated_at)
             VALUES (:id, 1, :name, :description, 'active', :now, :now, :now)",
        )?;
        insert.execute(named_params! {
            ":id": id.as_str(),
            ":name": self.name.as_str(),
            ":description": self.description,
            ":now": self.now.as_millis(),
        })?;
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::SessionCreated,
            actor: &self.actor,
            session: Some(&id),
            stream: None,
            task: None,
            data: None,
        })?;
        lookup::session(tx.conn, id.as_str())
    }
}

impl Tx<'_> {
    /// Refuses a name that `taken` finds among the active ones.
    pub(super) fn refuse_taken(
        &self,
        mut taken: rusqlite::CachedStatement<'_>,
        kind: Kind,
        name: &str,
    ) -> Result<(), Error> {
        match taken.query_row([name], |row| row.get(0)).optional()? {
            Some(name) => Err(Refusal::NameTaken { kind, name }.into()),
            None => Ok(()),
        }
    }

    /// Draws ids until one is found that `taken` does not know.
    pub(super) fn unused<I>(
        &self,
        taken: &str,
        make: fn(u64) -> I,
        text: fn(&I) -> &str,
    ) -> rusqlite::Result<I> {
        let mut taken = self.sql(taken)?;
        loop {
            let id = make(self.draw());
            if !taken.exists([text(&id)])? {
                return Ok(id);
            }
        }
    }
}

pub(super) fn list(conn: &Connection) -> Result<Vec<Session>, Fault> {
    let mut select = conn.prepare_cached(session_query!("ORDER BY created_at DESC, rowid DESC"))?;
    Ok(select.query_map([], rows::session)?.collect::<rusqlite::Result<_>>()?)
}
