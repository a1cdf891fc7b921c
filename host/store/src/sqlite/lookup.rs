//! From what the caller wrote to the row that is meant: an id, the start of one, or a name.

use rusqlite::{Connection, OptionalExtension};
use sparkq_core::wire::{Activity, Session, Stream, Task};
use sparkq_core::{Kind, Refusal, SessionId, StreamId, TaskId, id, nearest::nearest};

use super::{rows, tasks};
use crate::error::{Error, Fault};

/// The most candidates an ambiguous id is answered with.
const CANDIDATES: usize = 5;

macro_rules! session_query {
    ($rest:literal) => {
        concat!(
            "SELECT rowid AS place, id, name, description, status, started_at, ended_at, created_at, updated_at,
                    (SELECT count(*) FROM streams
                     WHERE streams.session_id = sessions.id AND streams.status = 'active') AS active_streams
             FROM sessions ",
            $rest
        )
    };
}
pub(super) use session_query;

macro_rules! stream_query {
    ($rest:literal) => {
        concat!(
            "SELECT streams.rowid AS place, streams.id, session_id, sessions.name AS session_name, streams.name AS name, instructions,
                    CASE WHEN sessions.status = 'ended' THEN 'ended' ELSE streams.status END AS status,
                    streams.created_at, streams.updated_at
             FROM streams JOIN sessions ON sessions.id = streams.session_id ",
            $rest
        )
    };
}
pub(super) use stream_query;

pub(super) fn session(conn: &Connection, given: &str) -> Result<Session, Error> {
    let sql = if given.parse::<SessionId>().is_ok() {
        session_query!("WHERE id = ?1")
    } else {
        session_query!("WHERE name = ?1 ORDER BY status = 'active' DESC, ended_at DESC LIMIT 1")
    };
    let found = conn
        .prepare_cached(sql)?
        .query_row([given], rows::session)
        .optional()?;
    found.map_or_else(|| Err(not_found(conn, Kind::Session, given)?.into()), Ok)
}

pub(super) fn stream(conn: &Connection, given: &str) -> Result<Stream, Error> {
    let sql = if given.parse::<StreamId>().is_ok() {
        stream_query!("WHERE streams.id = ?1")
    } else {
        stream_query!(
            "WHERE streams.name = ?1
             ORDER BY streams.status = 'active' DESC, sessions.status = 'active' DESC, streams.updated_at DESC LIMIT 1"
        )
    };
    let found = conn
        .prepare_cached(sql)?
        .query_row([given], rows::stream)
        .optional()?;
    found.map_or_else(|| Err(not_found(conn, Kind::Stream, given)?.into()), Ok)
}

/// The stream, if it still takes and hands out work.
pub(super) fn active_stream(conn: &Connection, given: &str) -> Result<Stream, Error> {
    // Nearly always it is the active one with that name, which an index leads to.
    if given.parse::<StreamId>().is_err() {
        let mut select = conn.prepare_cached(stream_query!(
            "WHERE streams.name = ?1 AND streams.status = 'active' AND sessions.status = 'active'"
        ))?;
        if let Some(stream) = select.query_row([given], rows::stream).optional()? {
            return Ok(stream);
        }
    }
    let stream = stream(conn, given)?;
    match stream.status {
        Activity::Active => Ok(stream),
        Activity::Ended => Err(Refusal::Ended {
            kind: Kind::Stream,
            id: stream.id.to_string(),
            name: stream.name.into(),
        }
        .into()),
    }
}

/// The one task whose id is `given` or starts with it.
pub(super) fn task(conn: &Connection, given: &str) -> Result<Task, Error> {
    let id = task_id(conn, given)?;
    let task = tasks::by_id(conn, &id).optional()?;
    task.ok_or_else(|| not_there(given))
}

fn not_there(given: &str) -> Error {
    Refusal::TaskNotFound {
        given: given.into(),
    }
    .into()
}

/// The id that is `given`, whether or not there is such a task, or the only one that starts with it.
fn task_id(conn: &Connection, given: &str) -> Result<TaskId, Error> {
    if let Ok(id) = given.parse::<TaskId>() {
        return Ok(id);
    }
    let mut candidates = Vec::new();
    if id::is_task_prefix(given) {
        // '{' is the character after 'z', so the range holds every id with this start.
        let mut select = conn.prepare_cached(
            "SELECT id FROM tasks WHERE id >= ?1 AND id < ?1 || '{' ORDER BY id LIMIT ?2",
        )?;
        let ids = select.query_map((given, CANDIDATES), rows::task_id)?;
        candidates = ids.collect::<rusqlite::Result<Vec<_>>>()?;
    }
    match candidates.len() {
        0 => Err(not_there(given)),
        1 => Ok(candidates.remove(0)),
        _ => Err(Refusal::TaskAmbiguous {
            given: given.into(),
            candidates,
        }
        .into()),
    }
}

fn not_found(conn: &Connection, kind: Kind, given: &str) -> Result<Refusal, Fault> {
    let mut select = conn.prepare_cached(match kind {
        Kind::Session => "SELECT name FROM sessions WHERE status = 'active'",
        Kind::Stream => "SELECT name FROM streams WHERE status = 'active'",
    })?;
    let names = select
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Refusal::NotFound {
        kind,
        given: given.into(),
        known: nearest(given, names),
    })
}
