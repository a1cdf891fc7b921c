//! Rows as values. A row that does not fit its type is a damaged database, and said to be one.

use rusqlite::types::Type;
use rusqlite::{Connection, Row};
use sparkq_core::wire::{
    Activity, Claimed, Counts, Document, Event, List, Session, Stream, StreamBrief, Task,
};
use sparkq_core::{Name, Status, TaskClass, TaskId, Time, Timeout};

use crate::error::Fault;
use crate::read::Page;

/// The columns of [`task`], to be put behind a `SELECT` from `tasks` or a `RETURNING`.
macro_rules! task_columns {
    () => {
        "seq, id, stream_id, (SELECT name FROM streams WHERE streams.id = tasks.stream_id) AS stream_name,
         tool_name, plugin, task_class, payload, label, dedupe_key, status, timeout, attempts, worker, result, error,
         requeued_from, created_at, updated_at, started_at, finished_at"
    };
}
pub(super) use task_columns;

/// The columns of [`claimed`].
macro_rules! claimed_columns {
    () => {
        "id, stream_id, (SELECT name FROM streams WHERE streams.id = tasks.stream_id) AS stream_name,
         (SELECT instructions FROM streams WHERE streams.id = tasks.stream_id) AS instructions,
         coalesce((SELECT guide FROM tools WHERE tools.name = tasks.tool_name), '') AS guide,
         tool_name, task_class, payload, status, timeout, attempts, worker, requeued_from, created_at, started_at"
    };
}
pub(super) use claimed_columns;

pub(super) fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    Ok(Task {
        seq: row.get("seq")?,
        id: id(row, "id")?,
        stream_id: id(row, "stream_id")?,
        stream_name: name(row, "stream_name")?,
        tool_name: row.get("tool_name")?,
        plugin: row.get("plugin")?,
        task_class: class(row)?,
        payload: Document::from_json_text(row.get("payload")?),
        label: row.get("label")?,
        dedupe_key: row.get("dedupe_key")?,
        status: status(row)?,
        stale: false,
        timeout: timeout(row)?,
        attempts: row.get("attempts")?,
        worker: row.get("worker")?,
        result: row
            .get::<_, Option<String>>("result")?
            .map(Document::from_json_text),
        error: row.get("error")?,
        requeued_from: optional_id(row, "requeued_from")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
        started_at: optional_time(row, "started_at")?,
        finished_at: optional_time(row, "finished_at")?,
    })
}

pub(super) fn claimed(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    Ok(Claimed {
        id: id(row, "id")?,
        stream: StreamBrief {
            id: id(row, "stream_id")?,
            name: name(row, "stream_name")?,
            instructions: row.get("instructions")?,
        },
        guide: row.get("guide")?,
        tool_name: row.get("tool_name")?,
        task_class: class(row)?,
        payload: Document::from_json_text(row.get("payload")?),
        status: status(row)?,
        timeout: timeout(row)?,
        attempts: row.get("attempts")?,
        worker: row.get("worker")?,
        requeued_from: optional_id(row, "requeued_from")?,
        created_at: time(row, "created_at")?,
        started_at: optional_time(row, "started_at")?,
    })
}

pub(super) fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: id(row, "id")?,
        name: name(row, "name")?,
        description: row.get("description")?,
        status: activity(row)?,
        active_streams: row.get("active_streams")?,
        started_at: time(row, "started_at")?,
        ended_at: optional_time(row, "ended_at")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

/// A stream without its counts.
pub(super) fn stream(row: &Row<'_>) -> rusqlite::Result<Stream> {
    Ok(Stream {
        id: id(row, "id")?,
        session_id: id(row, "session_id")?,
        session_name: name(row, "session_name")?,
        name: name(row, "name")?,
        instructions: row.get("instructions")?,
        status: activity(row)?,
        counts: Counts::default(),
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

/// An event without its task.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: row.get("seq")?,
        at: time(row, "at")?,
        kind: parsed(row, "kind")?,
        actor: row.get("actor")?,
        session_id: optional_id(row, "session_id")?,
        stream_id: optional_id(row, "stream_id")?,
        task_id: optional_id(row, "task_id")?,
        data: row
            .get::<_, Option<String>>("data")?
            .map(Document::from_json_text),
        merged: Vec::new(),
        task: None,
    })
}

/// Counts the tasks by status: of one stream, or of all.
pub(super) fn counts(conn: &Connection, stream: Option<&str>) -> Result<Counts, Fault> {
    let mut select = conn.prepare_cached(match stream {
        Some(_) => "SELECT status, count(*) FROM tasks WHERE stream_id = ?1 GROUP BY status",
        None => "SELECT status, count(*) FROM tasks WHERE ?1 IS NULL GROUP BY status",
    })?;
    let mut counts = Counts::default();
    let mut rows = select.query([stream])?;
    while let Some(row) = rows.next()? {
        *counts.of_mut(status(row)?) = row.get(1)?;
    }
    Ok(counts)
}

/// How many rows to read for `page`: one more than it has tells whether there is a next one.
pub(super) fn one_more(page: Page) -> i64 {
    i64::from(page.limit) + 1
}

/// Puts what was read, each row with its place in the list, onto its page.
pub(super) fn page<T>(
    found: impl Iterator<Item = rusqlite::Result<(i64, T)>>,
    total: u64,
    page: Page,
) -> rusqlite::Result<List<T>> {
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found
        .last()
        .filter(|_| more)
        .map(|(place, _)| place.to_string());
    Ok(List {
        items: found.into_iter().map(|(_, row)| row).collect(),
        total,
        next_cursor,
    })
}

fn bad(
    row: &Row<'_>,
    column: &str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let place = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(place, Type::Text, Box::new(error))
}

fn parsed<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<T> {
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|error| bad(row, column, error))
}

pub(super) fn id<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<T> {
    parsed(row, column)
}

fn optional_id<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| text.parse().map_err(|error| bad(row, column, error)))
        .transpose()
}

pub(super) fn name(row: &Row<'_>, column: &str) -> rusqlite::Result<Name> {
    parsed(row, column)
}

pub(super) fn status(row: &Row<'_>) -> rusqlite::Result<Status> {
    parsed(row, "status")
}

fn activity(row: &Row<'_>) -> rusqlite::Result<Activity> {
    let text: String = row.get("status")?;
    Ok(if text == Activity::Active.as_str() {
        Activity::Active
    } else {
        Activity::Ended
    })
}

fn class(row: &Row<'_>) -> rusqlite::Result<TaskClass> {
    TaskClass::try_from(row.get::<_, String>("task_class")?)
        .map_err(|error| bad(row, "task_class", error))
}

fn timeout(row: &Row<'_>) -> rusqlite::Result<Timeout> {
    Timeout::from_seconds(row.get("timeout")?).map_err(|error| bad(row, "timeout", error))
}

fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Time> {
    row.get(column).map(Time::from_millis)
}

fn optional_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Time>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Time::from_millis))
}

/// Reads a task's id alone.
pub(super) fn task_id(row: &Row<'_>) -> rusqlite::Result<TaskId> {
    id(row, "id")
}
