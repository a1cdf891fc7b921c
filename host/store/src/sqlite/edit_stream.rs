use rusqlite::named_params;
use serde_json::{Map, Value};
use sparkq_core::wire::{Activity, EventKind, Stream};
use sparkq_core::{Kind, Refusal, StreamId};

use super::event::NewEvent;
use super::{Run, Tx, lookup, stream};
use crate::error::Error;
use crate::request::EditStream;

impl Run for EditStream {
    fn run(&self, tx: &Tx<'_>) -> Result<Stream, Error> {
        if let Some(edited) = tx.made(self.request.as_ref())? {
            return stream::get(tx.conn, &edited);
        }
        let before = lookup::stream(tx.conn, &self.stream)?;
        let name = self.name.as_ref().unwrap_or(&before.name);
        let instructions = self.instructions.as_ref().unwrap_or(&before.instructions);
        let status = self.status.unwrap_or(before.status);
        let mut changed = Map::new();
        if name.as_str() != before.name.as_str() {
            changed.insert("name".into(), name.as_str().into());
        }
        if *instructions != before.instructions {
            changed.insert("instructions".into(), Value::Bool(true));
        }
        let turned = status != before.status;
        let remember = || tx.remember(self.request.as_ref(), &[before.id.as_str()], self.now);
        if changed.is_empty() && !turned {
            remember()?;
            return stream::get(tx.conn, before.id.as_str());
        }
        if status == Activity::Active {
            refuse_ended_session(tx, &before)?;
            refuse_taken(tx, &before.id, name.as_str())?;
        }
        remember()?;
        let mut update = tx.sql(
            "UPDATE streams SET name = :name, instructions = :instructions, status = :status, updated_at = :now
             WHERE id = :id",
        )?;
        update.execute(named_params! {
            ":id": before.id.as_str(),
            ":name": name.as_str(),
            ":instructions": instructions,
            ":status": status.as_str(),
            ":now": self.now.as_millis(),
        })?;
        if turned {
            // Whoever ends or reopens a stream by itself decides for it alone.
            tx.sql("DELETE FROM ended_with_session WHERE stream_id = ?1")?
                .execute([before.id.as_str()])?;
            changed.insert("status".into(), status.as_str().into());
        }
        let kind = if turned && status == Activity::Ended {
            EventKind::StreamEnded
        } else {
            EventKind::StreamUpdated
        };
        tx.tell(NewEvent {
            at: self.now,
            kind,
            actor: self.actor.as_str(),
            session: Some(&before.session_id),
            stream: Some(&before.id),
            task: None,
            data: Some(Value::Object(changed).to_string()),
        })?;
        stream::get(tx.conn, before.id.as_str())
    }
}

/// A stream of an ended session cannot be active.
fn refuse_ended_session(tx: &Tx<'_>, stream: &Stream) -> Result<(), Error> {
    let session = lookup::session(tx.conn, stream.session_id.as_str())?;
    match session.status {
        Activity::Active => Ok(()),
        Activity::Ended => Err(Refusal::Ended {
            kind: Kind::Session,
            id: session.id.to_string(),
            name: session.name.into(),
        }
        .into()),
    }
}

/// Refuses a name that another active stream has.
fn refuse_taken(tx: &Tx<'_>, id: &StreamId, name: &str) -> Result<(), Error> {
    let mut taken =
        tx.sql("SELECT 1 FROM streams WHERE name = ?1 AND status = 'active' AND id <> ?2")?;
    if taken.exists((name, id.as_str()))? {
        return Err(Refusal::NameTaken {
            kind: Kind::Stream,
            name: name.to_owned(),
        }
        .into());
    }
    Ok(())
}
