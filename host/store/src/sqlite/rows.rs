//! Rows as values. A row that does not fit its type is a damaged database, and said to be one.

use std::str::FromStr;

use rusqlite::types::{FromSql, Type};
use rusqlite::{Row, RowIndex};
use sparkq_core::wire::{
    Activity, Claimed, Counts, Document, Event, List, Session, Stream, StreamBrief, Task,
};
use sparkq_core::{Name, Status, TaskClass, TaskId, Time, Timeout};

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
        "seq, id, stream_id, (SELECT name FROM streams WHERE streams.id = tasks.stream_id) AS stream_name,
         (SELECT instructions FROM streams WHERE streams.id = tasks.stream_id) AS instructions,
         coalesce((SELECT guide FROM tools WHERE tools.name = tasks.tool_name
                   AND tools.plugin = substr(tasks.plugin, 1, instr(tasks.plugin, '@') - 1)), '') AS guide,
         tool_name, task_class, payload, status, timeout, attempts, worker, requeued_from, created_at, started_at"
    };
}
pub(super) use claimed_columns;

/// Columns in the order they were selected in: to find each by its name costs as much as all the rest of a row.
struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    fn of(row: &'a Row<'a>) -> Self {
        Self { row, next: 0 }
    }

    fn place(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn get<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.row.get(self.place())
    }

    fn parsed<T: Spelled>(&mut self) -> rusqlite::Result<T> {
        parsed(self.row, self.place())
    }

    fn optional_id<T: Spelled>(&mut self) -> rusqlite::Result<Option<T>> {
        optional_id(self.row, self.place())
    }

    fn class(&mut self) -> rusqlite::Result<TaskClass> {
        let place = self.place();
        let text: String = self.row.get(place)?;
        TaskClass::try_from(text).map_err(|error| bad(place, error))
    }

    fn timeout(&mut self) -> rusqlite::Result<Timeout> {
        let place = self.place();
        Timeout::from_seconds(self.row.get(place)?).map_err(|error| bad(place, error))
    }

    fn document(&mut self) -> rusqlite::Result<Document> {
        self.get().map(Document::from_json_text)
    }

    fn time(&mut self) -> rusqlite::Result<Time> {
        self.get().map(Time::from_millis)
    }

    fn optional_time(&mut self) -> rusqlite::Result<Option<Time>> {
        Ok(self.get::<Option<i64>>()?.map(Time::from_millis))
    }
}

pub(super) fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    let mut columns = Columns::of(row);
    Ok(Task {
        seq: columns.get()?,
        id: columns.parsed()?,
        stream_id: columns.parsed()?,
        stream_name: columns.parsed()?,
        tool_name: columns.get()?,
        plugin: columns.get()?,
        task_class: columns.class()?,
        payload: columns.document()?,
        label: columns.get()?,
        dedupe_key: columns.get()?,
        status: columns.parsed()?,
        stale: false,
        timeout: columns.timeout()?,
        attempts: columns.get()?,
        worker: columns.get()?,
        result: columns
            .get::<Option<String>>()?
            .map(Document::from_json_text),
        error: columns.get()?,
        requeued_from: columns.optional_id()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
        started_at: columns.optional_time()?,
        finished_at: columns.optional_time()?,
    })
}

/// The task, and its `seq`.
pub(super) fn claimed(row: &Row<'_>) -> rusqlite::Result<(i64, Claimed)> {
    let mut columns = Columns::of(row);
    let seq = columns.get()?;
    let claimed = Claimed {
        id: columns.parsed()?,
        stream: StreamBrief {
            id: columns.parsed()?,
            name: columns.parsed()?,
            instructions: columns.get()?,
        },
        guide: columns.get()?,
        tool_name: columns.get()?,
        task_class: columns.class()?,
        payload: columns.document()?,
        status: columns.parsed()?,
        timeout: columns.timeout()?,
        attempts: columns.get()?,
        worker: columns.get()?,
        requeued_from: columns.optional_id()?,
        created_at: columns.time()?,
        started_at: columns.optional_time()?,
    };
    Ok((seq, claimed))
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

fn bad(place: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(place, Type::Text, Box::new(error))
}

/// What is kept as a text.
pub(super) trait Spelled: FromStr<Err: std::error::Error + Send + Sync + 'static> {}

impl<T: FromStr<Err: std::error::Error + Send + Sync + 'static>> Spelled for T {}

pub(super) fn parsed<T: Spelled>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    let place = column.idx(row.as_ref())?;
    row.get_ref(place)?
        .as_str()?
        .parse()
        .map_err(|error| bad(place, error))
}

pub(super) fn id<T: Spelled>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    parsed(row, column)
}

fn optional_id<T: Spelled>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<T>> {
    let place = column.idx(row.as_ref())?;
    let text = row.get_ref(place)?.as_str_or_null()?;
    text.map(|text| text.parse().map_err(|error| bad(place, error)))
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
