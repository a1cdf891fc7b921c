//! Lists of tasks, and one task with everything about it.

use std::slice;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use sparkq_core::wire::{Event, History, Kin, List, StreamBrief, Task};
use sparkq_core::{Status, TaskId};

use super::rows::task_columns;
use super::{counts, lookup, rows, search};
use crate::error::{Error, Fault};
use crate::read::{TaskFilter, TaskQuery, TaskRecord};

pub(super) fn list(conn: &Connection, query: &TaskQuery) -> Result<List<Task>, Error> {
    let (filter, mut values) = conditions(conn, &query.filter)?;
    let reach = reach(conn, &query.filter, &filter, &values)?;
    let page = if is_search(&query.filter, &values) {
        concat!("SELECT ", task_columns!(), include_str!("found.sql")).to_owned()
    } else {
        format!(
            "SELECT {} FROM tasks WHERE {filter} AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?",
            task_columns!()
        )
    };
    let below = query.page.cursor.unwrap_or(i64::MAX).min(reach.below);
    values.push(Value::Integer(below));
    values.push(Value::Integer(reach.from));
    values.push(Value::Integer(rows::one_more(query.page)));
    let mut select = conn.prepare_cached(&page)?;
    let found = select.query_map(params_from_iter(&values), |row| {
        Ok((row.get("seq")?, rows::task(row)?))
    })?;
    rows::page(found, reach.total, query.page).map_err(Error::from)
}

/// How many tasks a query finds, and where they lie: those that are rare are then looked for nowhere else.
struct Reach {
    total: u64,
    from: i64,
    below: i64,
}

impl Reach {
    /// Tasks that may lie anywhere.
    fn anywhere(total: u64) -> Self {
        Self {
            total,
            from: 0,
            below: i64::MAX,
        }
    }
}

/// Whether the search alone says what is meant, and in which order.
fn is_search(query: &TaskFilter, values: &[Value]) -> bool {
    query.is_by_text_alone() && !values.is_empty()
}

/// Looks how many tasks the query finds. Where it asks for a stream and a status alone they are counted already.
fn reach(
    conn: &Connection,
    query: &TaskFilter,
    filter: &str,
    values: &[Value],
) -> Result<Reach, Error> {
    if query.is_by_stream_and_status_alone() {
        let counts = match values {
            [Value::Text(stream)] => counts::read(conn, Some(stream))?,
            _ => counts::read(conn, None)?,
        };
        let statuses = query
            .status
            .as_ref()
            .map_or(&Status::ALL[..], slice::from_ref);
        let total = statuses.iter().map(|status| counts.of(*status)).sum();
        return Ok(Reach::anywhere(total));
    }
    if is_search(query, values) {
        // What is searched are the tasks that there are.
        let mut count = conn.prepare_cached("SELECT count(*) FROM search WHERE search MATCH ?")?;
        let total = count.query_row(params_from_iter(values), |row| row.get(0))?;
        return Ok(Reach::anywhere(total));
    }
    let sql = format!(
        "SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq) + 1, 0) FROM tasks WHERE {filter}"
    );
    let mut count = conn.prepare_cached(&sql)?;
    let reach = count.query_row(params_from_iter(values), |row| {
        Ok(Reach {
            total: row.get(0)?,
            from: row.get(1)?,
            below: row.get(2)?,
        })
    });
    Ok(reach?)
}

/// The query as a condition with a `?` for each of the values.
pub(super) fn conditions(
    conn: &Connection,
    query: &TaskFilter,
) -> Result<(String, Vec<Value>), Error> {
    let mut filter = vec!["TRUE"];
    let mut values = Vec::new();
    if let Some(status) = query.status {
        // Spelled out, because an index of one status alone is not taken for a value that is bound later.
        filter.push(match status {
            Status::Queued => "status = 'queued'",
            Status::Running => "status = 'running'",
            Status::Succeeded => "status = 'succeeded'",
            Status::Failed => "status = 'failed'",
        });
    }
    if let Some(given) = &query.stream {
        filter.push("stream_id = ?");
        values.push(Value::Text(lookup::stream(conn, given)?.id.into()));
    }
    if let Some(tool) = &query.tool {
        filter.push("tool_name = ?");
        values.push(Value::Text(tool.clone()));
    }
    if let Some(now) = query.stale_at {
        filter.push("status = 'running' AND started_at + 1000 * timeout < ?");
        values.push(Value::Integer(now.as_millis()));
    }
    if let Some(moment) = query.finished_by {
        filter.push("finished_at <= ?");
        values.push(Value::Integer(moment.as_millis()));
    }
    match query.text.as_deref().map(str::trim) {
        None | Some("") => {}
        Some(text) => match search::question(text).as_str() {
            // Signs alone are no word of any task.
            "" => filter.push("FALSE"),
            question => {
                filter.push("seq IN (SELECT rowid FROM search WHERE search MATCH ?)");
                values.push(Value::Text(question.to_owned()));
            }
        },
    }
    Ok((filter.join(" AND "), values))
}

pub(super) fn by_id(conn: &Connection, id: &TaskId) -> rusqlite::Result<Task> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        task_columns!(),
        " FROM tasks WHERE id = ?1"
    ))?;
    select.query_row([id.as_str()], rows::task)
}

pub(super) fn record(conn: &Connection, given: &str) -> Result<TaskRecord, Error> {
    let task = lookup::task(conn, given)?;
    let id = task.id.clone();
    let mut outputs =
        conn.prepare_cached("SELECT stdout, stderr FROM outputs WHERE task_id = ?1")?;
    let outputs = outputs
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (stdout, stderr) = outputs.unwrap_or_default();
    let stream = lookup::stream(conn, task.stream_id.as_str())?;
    let stream = StreamBrief {
        id: stream.id,
        name: stream.name,
        instructions: stream.instructions,
    };
    let requeued_from = chain(
        conn,
        &id,
        "SELECT requeued_from AS id FROM tasks WHERE id = ?1 AND requeued_from IS NOT NULL",
    )?;
    let requeued_as = chain(
        conn,
        &id,
        "SELECT id FROM tasks WHERE requeued_from = ?1 ORDER BY seq DESC LIMIT 1",
    )?;
    let history = History {
        kin: kin(conn, requeued_from.iter().chain(&requeued_as))?,
        requeued_from,
        requeued_as,
        events: events_of(conn, task.seq)?,
    };
    Ok(TaskRecord {
        task,
        stdout,
        stderr,
        stream,
        history,
    })
}

/// Follows `step` from task to task, as far as it leads.
fn chain(conn: &Connection, start: &TaskId, step: &str) -> rusqlite::Result<Vec<TaskId>> {
    let mut step = conn.prepare_cached(step)?;
    let mut found = Vec::new();
    let mut at = start.clone();
    while let Some(next) = step.query_row([at.as_str()], rows::task_id).optional()? {
        if found.contains(&next) {
            break;
        }
        found.push(next.clone());
        at = next;
    }
    Ok(found)
}

/// Where tasks stand that are still there.
fn kin<'a>(conn: &Connection, ids: impl Iterator<Item = &'a TaskId>) -> rusqlite::Result<Vec<Kin>> {
    let mut select = conn.prepare_cached("SELECT status FROM tasks WHERE id = ?1")?;
    let mut found = Vec::new();
    for id in ids {
        let status = select.query_row([id.as_str()], |row| rows::parsed(row, 0));
        if let Some(status) = status.optional()? {
            found.push(Kin {
                id: id.clone(),
                status,
            });
        }
    }
    Ok(found)
}

fn events_of(conn: &Connection, task: i64) -> rusqlite::Result<Vec<Event>> {
    let mut select = conn.prepare_cached(
        "SELECT events.* FROM task_events JOIN events ON events.seq = task_events.event
         WHERE task_events.task = ?1 ORDER BY task_events.event",
    )?;
    select.query_map([task], rows::event)?.collect()
}

/// The tasks that a requeue would clone, oldest first.
pub(super) fn requeueable(
    conn: &Connection,
    filter: &TaskFilter,
    limit: u32,
) -> Result<Vec<TaskId>, Error> {
    let (filter, mut values) = conditions(conn, filter)?;
    values.push(Value::Integer(limit.into()));
    let mut select = conn.prepare_cached(&format!(
        "SELECT id FROM tasks WHERE {filter} AND status = 'failed'
         AND NOT EXISTS (SELECT 1 FROM tasks clone WHERE clone.requeued_from = tasks.id)
         ORDER BY seq LIMIT ?"
    ))?;
    let ids = select.query_map(params_from_iter(&values), rows::task_id)?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn first_seq(conn: &Connection) -> Result<Option<i64>, Fault> {
    let mut select = conn.prepare_cached("SELECT min(seq) FROM events")?;
    Ok(select.query_row([], |row| row.get(0))?)
}

pub(super) fn events_after(conn: &Connection, after: i64, limit: u32) -> Result<Vec<Event>, Fault> {
    let mut select =
        conn.prepare_cached("SELECT * FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let mut events = select
        .query_map((after, limit), rows::event)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for event in &mut events {
        // A task may have been purged since.
        let task = event
            .task_id
            .as_ref()
            .map(|id| by_id(conn, id).optional())
            .transpose()?
            .flatten();
        event.task = task.map(Box::new);
    }
    Ok(events)
}
