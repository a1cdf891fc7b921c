use rusqlite::{Connection, OptionalExtension as _, named_params};
use sparkq_core::wire::{Activity, EventKind, List, Stream};
use sparkq_core::{Kind, Refusal, SessionId, StreamId};

use super::event::NewEvent;
use super::lookup::stream_query;
use super::session::refuse_taken;
use super::{Run, Tx, counts, lookup, rows};
use crate::error::{Error, Fault};
use crate::read::{Lane, Page};
use crate::request::CreateStream;

impl Run for CreateStream {
    fn run(&self, tx: &Tx<'_>) -> Result<Stream, Error> {
        if let Some(made) = tx.made(self.request.as_ref())? {
            return get(tx.conn, &made);
        }
        let session = lookup::session(tx.conn, &self.session)?;
        if session.status == Activity::Ended {
            return Err(Refusal::Ended {
                kind: Kind::Session,
                id: session.id.to_string(),
                name: session.name.into(),
            }
            .into());
        }
        let mut taken = tx.sql("SELECT name FROM streams WHERE name = ?1 AND status = 'active'")?;
        refuse_taken(&mut taken, Kind::Stream, self.name.as_str())?;
        let id = tx.unused(
            "SELECT 1 FROM streams WHERE id = ?1",
            StreamId::from_entropy,
            StreamId::as_str,
        )?;
        let mut insert = tx.sql(
            "INSERT INTO streams (id, session_id, name, instructions, status, created_at, updated_at)
             VALUES (:id, :session, :name, :instructions, 'active', :now, :now)",
        )?;
        insert.execute(named_params! {
            ":id": id.as_str(),
            ":session": session.id.as_str(),
            ":name": self.name.as_str(),
            ":instructions": self.instructions,
            ":now": self.now.as_millis(),
        })?;
        tx.count_nothing(&id)?;
        tx.remember(self.request.as_ref(), &[id.as_str()], self.now)?;
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::StreamCreated,
            actor: self.actor.as_str(),
            session: Some(&session.id),
            stream: Some(&id),
            task: None,
            data: None,
        })?;
        get(tx.conn, id.as_str())
    }
}

/// The stream with its counts.
pub(super) fn get(conn: &Connection, given: &str) -> Result<Stream, Error> {
    let mut stream = lookup::stream(conn, given)?;
    stream.counts = counts::read(conn, Some(stream.id.as_str()))?;
    Ok(stream)
}

pub(super) fn list(
    conn: &Connection,
    session: Option<&str>,
    page: Page,
) -> Result<List<Stream>, Error> {
    let session = session
        .map(|given| lookup::session(conn, given))
        .transpose()?;
    let session = session.map(|session| session.id.to_string());
    let mut count =
        conn.prepare_cached("SELECT count(*) FROM streams WHERE ?1 IS NULL OR session_id = ?1")?;
    let total = count.query_row([&session], |row| row.get(0))?;
    let mut select = conn.prepare_cached(stream_query!(
        "WHERE (?1 IS NULL OR session_id = ?1) AND streams.rowid > ?2
         ORDER BY streams.rowid LIMIT ?3"
    ))?;
    let from = (&session, page.cursor.unwrap_or(0), rows::one_more(page));
    let found = select.query_map(from, |row| Ok((row.get("place")?, rows::stream(row)?)))?;
    let mut streams = rows::page(found, total, page)?;
    for stream in &mut streams.items {
        stream.counts = counts::read(conn, Some(stream.id.as_str()))?;
    }
    Ok(streams)
}

pub(super) fn active(conn: &Connection, session: &SessionId) -> Result<Vec<StreamId>, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT streams.id FROM streams JOIN sessions ON sessions.id = session_id
         WHERE session_id = ?1 AND streams.status = 'active' AND sessions.status = 'active'
         ORDER BY streams.rowid",
    )?;
    let ids = select.query_map([session.as_str()], |row| rows::id(row, "id"))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn lane(conn: &Connection, stream: &StreamId) -> Result<Option<Lane>, Fault> {
    let mut select = conn.prepare_cached(include_str!("lane.sql"))?;
    let found = select.query_row(named_params! {":stream": stream.as_str()}, |row| {
        Ok(Lane {
            name: rows::name(row, "name")?,
            queued: row.get("queued")?,
        })
    });
    Ok(found.optional()?)
}

pub(super) fn with_work(conn: &Connection) -> Result<Vec<(String, u64)>, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT streams.name, counts.queued FROM counts
         JOIN streams ON streams.id = counts.stream_id AND streams.status = 'active'
         JOIN sessions ON sessions.id = streams.session_id AND sessions.status = 'active'
         WHERE counts.queued > 0 ORDER BY counts.queued DESC, streams.name",
    )?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
