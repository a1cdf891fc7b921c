use super::{Run, Tx};
use crate::error::Error;
use crate::request::ForgetOld;

/// How long the key of a request is remembered, in milliseconds: a day.
const KEYS: i64 = 24 * 60 * 60 * 1000;

impl Run for ForgetOld {
    fn run(&self, tx: &Tx<'_>) -> Result<bool, Error> {
        let events = tx
            .sql(
                "DELETE FROM events WHERE seq IN
                 (SELECT seq FROM events WHERE task_id IS NULL AND at < ?1 LIMIT ?2)",
            )?
            .execute((self.events_before.as_millis(), self.limit))?;
        let keys = tx
            .sql(
                "DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests WHERE at < ?1 LIMIT ?2)",
            )?
            .execute((self.now.as_millis() - KEYS, self.limit))?;
        Ok([events, keys].contains(&(self.limit as usize)))
    }
}
