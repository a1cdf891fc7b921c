use rusqlite::{CachedStatement, Connection, OptionalExtension, named_params};
use sparkq_core::wire::{EventKind, List, Session};
use sparkq_core::{Kind, Refusal, SessionId};

use super::event::NewEvent;
use super::lookup::session_query;
use super::{Run, Tx, lookup, rows};
use crate::error::{Error, Fault};
use crate::read::Page;
use crate::request::CreateSession;

impl Run for CreateSession {
    fn run(&self, tx: &Tx<'_>) -> Result<Session, Error> {
        if let Some(made) = tx.made(self.request.as_ref())? {
            return lookup::session(tx.conn, &made);
        }
        let mut taken =
            tx.sql("SELECT name FROM sessions WHERE name = ?1 AND status = 'active'")?;
        refuse_taken(&mut taken, Kind::Session, self.name.as_str())?;
        let id = tx.unused(
            "SELECT 1 FROM sessions WHERE id = ?1",
            SessionId::from_entropy,
            SessionId::as_str,
        )?;
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
        tx.remember(self.request.as_ref(), &[id.as_str()], self.now)?;
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::SessionCreated,
            actor: self.actor.as_str(),
            session: Some(&id),
            stream: None,
            task: None,
            data: None,
        })?;
        lookup::session(tx.conn, id.as_str())
    }
}

pub(super) fn list(conn: &Connection, page: Page) -> Result<List<Session>, Fault> {
    let mut count = conn.prepare_cached("SELECT count(*) FROM sessions")?;
    let total = count.query_row([], |row| row.get(0))?;
    let mut select = conn.prepare_cached(session_query!(
        "WHERE rowid < ?1 ORDER BY rowid DESC LIMIT ?2"
    ))?;
    let cursor = page.cursor.unwrap_or(i64::MAX);
    let found = select.query_map([cursor, rows::one_more(page)], |row| {
        Ok((row.get("place")?, rows::session(row)?))
    })?;
    Ok(rows::page(found, total, page)?)
}

/// Refuses a name that `taken` finds among the active ones.
pub(super) fn refuse_taken(
    taken: &mut CachedStatement<'_>,
    kind: Kind,
    name: &str,
) -> Result<(), Error> {
    match taken.query_row([name], |row| row.get(0)).optional()? {
        Some(name) => Err(Refusal::NameTaken { kind, name }.into()),
        None => Ok(()),
    }
}
