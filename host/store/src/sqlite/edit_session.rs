use rusqlite::named_params;
use serde_json::{Map, Value};
use sparkq_core::wire::{Activity, EventKind, Session};
use sparkq_core::{Kind, Refusal, SessionId, StreamId};

use super::event::NewEvent;
use super::{Run, Tx, lookup, rows};
use crate::error::Error;
use crate::request::EditSession;

impl Run for EditSession {
    fn run(&self, tx: &Tx<'_>) -> Result<Session, Error> {
        if let Some(edited) = tx.made(self.request.as_ref())? {
            return lookup::session(tx.conn, &edited);
        }
        let session = lookup::session(tx.conn, &self.session)?;
        let name = self.name.as_ref().unwrap_or(&session.name);
        let description = self.description.as_ref().unwrap_or(&session.description);
        let status = self.status.unwrap_or(session.status);
        let mut changed = Map::new();
        if name.as_str() != session.name.as_str() {
            changed.insert("name".into(), name.as_str().into());
        }
        if *description != session.description {
            changed.insert("description".into(), Value::Bool(true));
        }
        let turned = status != session.status;
        let remember = || tx.remember(self.request.as_ref(), &[session.id.as_str()], self.now);
        if changed.is_empty() && !turned {
            remember()?;
            return Ok(session);
        }
        if status == Activity::Active {
            refuse_taken(tx, &session.id, name.as_str())?;
        }
        if turned && status == Activity::Active {
            refuse_taken_streams(tx, &session.id)?;
        }
        remember()?;
        let mut update = tx.sql(
            "UPDATE sessions SET name = :name, description = :description, status = :status, updated_at = :now,
                    ended_at = CASE WHEN :status = 'active' THEN NULL ELSE coalesce(ended_at, :now) END
             WHERE id = :id",
        )?;
        update.execute(named_params! {
            ":id": session.id.as_str(),
            ":name": name.as_str(),
            ":description": description,
            ":status": status.as_str(),
            ":now": self.now.as_millis(),
        })?;
        if turned {
            match status {
                Activity::Ended => self.end_streams(tx, &session.id)?,
                Activity::Active => self.reopen_streams(tx, &session.id)?,
            }
            changed.insert("status".into(), status.as_str().into());
        }
        let kind = if turned && status == Activity::Ended {
            EventKind::SessionEnded
        } else {
            EventKind::SessionUpdated
        };
        self.tell(tx, kind, &session.id, None, &changed)?;
        lookup::session(tx.conn, session.id.as_str())
    }
}

impl EditSession {
    /// Ends the active streams too, which frees their names, and notes which they were.
    fn end_streams(&self, tx: &Tx<'_>, session: &SessionId) -> Result<(), Error> {
        let streams = self.turn(
            tx,
            "UPDATE streams SET status = 'ended', updated_at = ?2
             WHERE session_id = ?1 AND status = 'active' RETURNING id",
            session,
        )?;
        for stream in &streams {
            tx.sql("INSERT OR IGNORE INTO ended_with_session (stream_id) VALUES (?1)")?
                .execute([stream.as_str()])?;
            self.tell(
                tx,
                EventKind::StreamEnded,
                session,
                Some(stream),
                &Map::new(),
            )?;
        }
        Ok(())
    }

    /// Reopens the streams that were ended with the session.
    fn reopen_streams(&self, tx: &Tx<'_>, session: &SessionId) -> Result<(), Error> {
        let streams = self.turn(
            tx,
            "UPDATE streams SET status = 'active', updated_at = ?2
             WHERE session_id = ?1 AND id IN (SELECT stream_id FROM ended_with_session) RETURNING id",
            session,
        )?;
        for stream in &streams {
            tx.sql("DELETE FROM ended_with_session WHERE stream_id = ?1")?
                .execute([stream.as_str()])?;
            let mut changed = Map::new();
            changed.insert("status".into(), Activity::Active.as_str().into());
            self.tell(
                tx,
                EventKind::StreamUpdated,
                session,
                Some(stream),
                &changed,
            )?;
        }
        Ok(())
    }

    fn turn(&self, tx: &Tx<'_>, sql: &str, session: &SessionId) -> rusqlite::Result<Vec<StreamId>> {
        let mut update = tx.sql(sql)?;
        let streams = update.query_map((session.as_str(), self.now.as_millis()), |row| {
            rows::id(row, "id")
        })?;
        streams.collect()
    }

    fn tell(
        &self,
        tx: &Tx<'_>,
        kind: EventKind,
        session: &SessionId,
        stream: Option<&StreamId>,
        changed: &Map<String, Value>,
    ) -> rusqlite::Result<()> {
        tx.tell(NewEvent {
            at: self.now,
            kind,
            actor: self.actor.as_str(),
            session: Some(session),
            stream,
            task: None,
            data: (!changed.is_empty()).then(|| Value::Object(changed.clone()).to_string()),
        })
    }
}

/// Refuses a name that another active session has.
fn refuse_taken(tx: &Tx<'_>, id: &SessionId, name: &str) -> Result<(), Error> {
    let mut taken =
        tx.sql("SELECT 1 FROM sessions WHERE name = ?1 AND status = 'active' AND id <> ?2")?;
    if taken.exists((name, id.as_str()))? {
        return Err(Refusal::NameTaken {
            kind: Kind::Session,
            name: name.to_owned(),
        }
        .into());
    }
    Ok(())
}

/// Refuses to reopen streams of which another active one has the name by now.
fn refuse_taken_streams(tx: &Tx<'_>, session: &SessionId) -> Result<(), Error> {
    let mut taken = tx.sql(
        "SELECT other.name FROM streams JOIN ended_with_session ON stream_id = streams.id
         JOIN streams other ON other.name = streams.name AND other.status = 'active'
         WHERE streams.session_id = ?1",
    )?;
    let mut rows = taken.query([session.as_str()])?;
    if let Some(row) = rows.next()? {
        return Err(Refusal::NameTaken {
            kind: Kind::Stream,
            name: row.get(0)?,
        }
        .into());
    }
    Ok(())
}
