use rusqlite::{Connection, named_params};
use sparkq_core::wire::EventKind;
use sparkq_core::{Status, StreamId, TaskId, Time};

use super::event::NewEvent;
use super::{Run, Tx, rows};
use crate::error::{Error, Fault};
use crate::request::ExpireTasks;

/// Who acts when a task is failed because its time is over.
const ACTOR: &str = "sweep";

impl Run for ExpireTasks {
    fn run(&self, tx: &Tx<'_>) -> Result<u32, Error> {
        let mut update = tx.sql(include_str!("expire.sql"))?;
        let values = named_params! { ":now": self.now.as_millis(), ":limit": self.limit };
        let expired = update.query_map(values, |row| {
            Ok((rows::task_id(row)?, rows::id::<StreamId>(row, "stream_id")?))
        })?;
        let expired: Vec<(TaskId, StreamId)> = expired.collect::<rusqlite::Result<_>>()?;
        for (task, stream) in &expired {
            tx.count(stream, Some(Status::Running), Some(Status::Failed))?;
            tx.tell(NewEvent {
                at: self.now,
                kind: EventKind::TaskExpired,
                actor: ACTOR,
                session: None,
                stream: Some(stream),
                task: Some((task, None)),
                data: None,
            })?;
        }
        Ok(u32::try_from(expired.len()).unwrap_or(u32::MAX))
    }
}

/// Whether there is anything to expire.
pub(super) fn is_overdue(conn: &Connection, now: Time) -> Result<bool, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT 1 FROM tasks WHERE status = 'running' AND started_at + 2000 * timeout < ?1 LIMIT 1",
    )?;
    Ok(select.exists([now.as_millis()])?)
}
