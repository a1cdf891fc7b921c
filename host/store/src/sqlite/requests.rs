//! Requests that are done once, however often they are sent.

use rusqlite::{Connection, OptionalExtension};
use sparkq_core::{Code, Refusal, TaskId, Time};

use super::{Tx, tasks};
use crate::error::Error;
use crate::request::{Queued, RequestKey};

impl Tx<'_> {
    /// The tasks that an earlier request with this key came to; none for a new one. A key that was used for another
    /// request is refused.
    pub(super) fn answered(&self, key: Option<&RequestKey>) -> Result<Option<Vec<TaskId>>, Error> {
        key.map_or(Ok(None), |key| answered(self.conn, key))
    }

    /// Notes that the answer to a claim is handed out once more.
    pub(super) fn hand_out(&self, key: &RequestKey) -> rusqlite::Result<()> {
        self.sql("UPDATE requests SET handed = handed + 1 WHERE id = ?1")?
            .execute([&key.id])
            .map(|_| ())
    }

    /// Takes one answer to a claim back; says whether another one is still out.
    pub(super) fn take_back(&self, key: &RequestKey) -> rusqlite::Result<bool> {
        let mut update =
            self.sql("UPDATE requests SET handed = handed - 1 WHERE id = ?1 RETURNING handed > 0")?;
        let out = update.query_row([&key.id], |row| row.get(0)).optional()?;
        Ok(out.unwrap_or_default())
    }

    /// Remembers what the request with this key came to.
    pub(super) fn remember(
        &self,
        key: Option<&RequestKey>,
        tasks: &[&TaskId],
        now: Time,
    ) -> rusqlite::Result<()> {
        let Some(key) = key else { return Ok(()) };
        let tasks: Vec<_> = tasks.iter().map(|id| id.as_str()).collect();
        let tasks = serde_json::to_string(&tasks).unwrap_or_default();
        let mut insert =
            self.sql("INSERT INTO requests (id, digest, tasks, at) VALUES (?1, ?2, ?3, ?4)")?;
        insert
            .execute((&key.id, &key.digest, tasks, now.as_millis()))
            .map(|_| ())
    }

    /// Forgets a request whose work was undone.
    pub(super) fn forget(&self, key: Option<&RequestKey>) -> rusqlite::Result<()> {
        let Some(key) = key else { return Ok(()) };
        self.sql("DELETE FROM requests WHERE id = ?1")?
            .execute([&key.id])
            .map(|_| ())
    }
}

/// The tasks that an earlier request with this key came to; none for a new one. A key that was used for another request
/// is refused.
pub(super) fn answered(conn: &Connection, key: &RequestKey) -> Result<Option<Vec<TaskId>>, Error> {
    let mut select = conn.prepare_cached("SELECT digest, tasks FROM requests WHERE id = ?1")?;
    let found = select
        .query_row([&key.id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    match found {
        None => Ok(None),
        Some((digest, tasks)) if digest == key.digest => {
            Ok(Some(serde_json::from_str(&tasks).unwrap_or_default()))
        }
        Some(_) => Err(Refusal::Http {
            code: Code::KeyReused,
            message: "the Idempotency-Key was used for another request".to_owned(),
        }
        .into()),
    }
}

/// What an earlier enqueue or requeue with this key came to.
pub(super) fn queued(conn: &Connection, key: &RequestKey) -> Result<Option<Queued>, Error> {
    let Some(ids) = answered(conn, key)? else {
        return Ok(None);
    };
    let Some(id) = ids.first() else {
        return Ok(None);
    };
    let mut select = conn.prepare_cached("SELECT request_id IS NOT ?2 FROM tasks WHERE id = ?1")?;
    let existed = select
        .query_row((id.as_str(), &key.id), |row| row.get(0))
        .optional()?;
    match existed {
        Some(existed) => Ok(Some(Queued {
            task: tasks::by_id(conn, id)?,
            existed,
        })),
        None => Err(Refusal::TaskNotFound {
            given: id.to_string(),
        }
        .into()),
    }
}
