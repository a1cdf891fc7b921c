//! Requests that are done once, however often they are sent.

use rusqlite::OptionalExtension;
use sparkq_core::{Code, Refusal, TaskId, Time};

use super::Tx;
use crate::error::Error;
use crate::request::RequestKey;

impl Tx<'_> {
    /// The tasks that an earlier request with this key came to; none for a new one. A key that was used for another
    /// request is refused.
    pub(super) fn answered(&self, key: Option<&RequestKey>) -> Result<Option<Vec<TaskId>>, Error> {
        let Some(key) = key else { return Ok(None) };
        let mut select = self.sql("SELECT digest, tasks FROM requests WHERE id = ?1")?;
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
