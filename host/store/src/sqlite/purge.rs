use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, named_params, params_from_iter};
use serde_json::json;
use sparkq_core::wire::{EventKind, Purged};
use sparkq_core::{Status, StreamId, Time};

use super::event::NewEvent;
use super::tasks::conditions;
use super::{Run, Tx, requests, rows};
use crate::error::{Error, Fault};
use crate::read::TaskFilter;
use crate::request::{PurgeRest, PurgeState, PurgeTasks, PurgedPart};

/// What no purge ever goes beyond.
const FINISHED: &str = "status IN ('succeeded', 'failed')";

impl Run for PurgeTasks {
    fn run(&self, tx: &Tx<'_>) -> Result<PurgedPart, Error> {
        let mut state = PurgeState::default();
        let mut limit = self.limit;
        if let Some((key, agreed)) = &self.request {
            state = requests::purged(tx.conn, key)?.unwrap_or_default();
            let left = agreed.saturating_sub(state.purged.tasks);
            limit = limit.min(u32::try_from(left).unwrap_or(u32::MAX));
        }
        let (filter, mut values) = conditions(tx.conn, &self.filter)?;
        // By age alone an index leads from one to the next; everything else goes through the tasks once, part by part.
        let order = if self.filter.is_by_age_alone() {
            ""
        } else {
            values.push(Value::Integer(self.after));
            "AND seq > ? ORDER BY seq"
        };
        values.push(Value::Integer(limit.into()));
        let mut select = tx.sql(&format!(
            "SELECT seq, stream_id, status FROM tasks WHERE {filter} AND {FINISHED} {order} LIMIT ?"
        ))?;
        let found = select.query_map(params_from_iter(&values), |row| {
            let stream = rows::id(row, "stream_id")?;
            Ok((row.get("seq")?, stream, rows::status(row)?))
        })?;
        let found: Vec<(i64, StreamId, Status)> = found.collect::<rusqlite::Result<_>>()?;
        let mut purged = BTreeMap::<StreamId, u64>::new();
        let mut part = PurgedPart {
            tasks: found.len() as u64,
            total: state.purged.tasks + found.len() as u64,
            after: self.after,
        };
        for (seq, stream, status) in found {
            // The outputs go with the task by their foreign key.
            tx.sql("DELETE FROM tasks WHERE seq = ?1")?.execute([seq])?;
            tx.sql(
                "DELETE FROM events WHERE seq IN (SELECT event FROM task_events WHERE task = ?1)",
            )?
            .execute([seq])?;
            tx.sql("DELETE FROM task_events WHERE task = ?1")?
                .execute([seq])?;
            tx.sql("DELETE FROM search WHERE rowid = ?1")?
                .execute([seq])?;
            tx.count(&stream, Some(status), None)?;
            *purged.entry(stream).or_default() += 1;
            part.after = seq;
        }
        for (stream, tasks) in &purged {
            tell(
                tx,
                self.actor.as_str(),
                Some(stream),
                self.now,
                &json!({ "tasks": tasks }),
            )?;
        }
        if let Some((key, _)) = &self.request {
            state.purged.tasks = part.total;
            tx.remember_purge(key, state, self.now)?;
        }
        Ok(part)
    }
}

impl Run for PurgeRest {
    fn run(&self, tx: &Tx<'_>) -> Result<Purged, Error> {
        let key = self.request.as_ref();
        let earlier = key.map_or(Ok(None), |key| requests::purged(tx.conn, key))?;
        let state = earlier.unwrap_or_default();
        if state.over {
            return Ok(state.purged);
        }
        let ended = named_params! { ":before": self.ended_before.as_millis() };
        let streams = tx
            .sql(
                "DELETE FROM streams WHERE status = 'ended' AND updated_at <= :before
                 AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.stream_id = streams.id)",
            )?
            .execute(ended)?;
        let sessions = tx
            .sql(
                "DELETE FROM sessions WHERE status = 'ended' AND ended_at <= :before
                 AND NOT EXISTS (SELECT 1 FROM streams WHERE streams.session_id = sessions.id)",
            )?
            .execute(ended)?;
        let purged = Purged {
            tasks: state.purged.tasks,
            streams: streams as u64,
            sessions: sessions as u64,
        };
        if streams + sessions > 0 {
            let what = json!({ "streams": streams, "sessions": sessions });
            tell(tx, self.actor.as_str(), None, self.now, &what)?;
        }
        if let Some(key) = key {
            tx.remember_purge(key, PurgeState { purged, over: true }, self.now)?;
        }
        Ok(purged)
    }
}

fn tell(
    tx: &Tx<'_>,
    actor: &str,
    stream: Option<&StreamId>,
    now: Time,
    what: &serde_json::Value,
) -> rusqlite::Result<()> {
    tx.tell(NewEvent {
        at: now,
        kind: EventKind::TaskPurged,
        actor,
        session: None,
        stream,
        task: None,
        data: Some(what.to_string()),
    })
}

/// How many tasks a purge would remove.
pub(super) fn count(conn: &Connection, filter: &TaskFilter) -> Result<u64, Error> {
    let (filter, values) = conditions(conn, filter)?;
    let sql = format!("SELECT count(*) FROM tasks WHERE {filter} AND {FINISHED}");
    let mut select = conn.prepare_cached(&sql)?;
    Ok(select.query_row(params_from_iter(&values), |row| row.get(0))?)
}

/// The streams and sessions that would be empty once everything finished by that moment were gone.
pub(super) fn count_leftovers(conn: &Connection, before: Time) -> Result<Purged, Fault> {
    let streams = "SELECT id FROM streams WHERE status = 'ended' AND updated_at <= ?1
                   AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.stream_id = streams.id
                                   AND (finished_at IS NULL OR finished_at > ?1))";
    let count = |sql: &str| -> Result<u64, Fault> {
        let mut select = conn.prepare_cached(sql)?;
        Ok(select.query_row([before.as_millis()], |row| row.get(0))?)
    };
    Ok(Purged {
        tasks: 0,
        streams: count(&format!("SELECT count(*) FROM ({streams})"))?,
        sessions: count(&format!(
            "SELECT count(*) FROM sessions WHERE status = 'ended' AND ended_at <= ?1
             AND NOT EXISTS (SELECT 1 FROM streams WHERE streams.session_id = sessions.id AND id NOT IN ({streams}))"
        ))?,
    })
}
