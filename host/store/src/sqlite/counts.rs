//! How many tasks are in which status: kept with every change, because counting them takes longer the more there are.

use rusqlite::{Connection, named_params};
use sparkq_core::wire::Counts;
use sparkq_core::{Status, StreamId};

use super::Tx;
use crate::error::Fault;

impl Tx<'_> {
    /// A stream that is new has nothing to count.
    pub(super) fn count_nothing(&self, stream: &StreamId) -> rusqlite::Result<()> {
        self.sql("INSERT INTO counts VALUES (?1, 0, 0, 0, 0)")?
            .execute([stream.as_str()])
            .map(|_| ())
    }

    /// Counts a task of the stream that has come from one status into another: from none when it is new, into none when
    /// it is gone.
    pub(super) fn count(
        &self,
        stream: &StreamId,
        from: Option<Status>,
        into: Option<Status>,
    ) -> rusqlite::Result<()> {
        let change = |status| i64::from(into == Some(status)) - i64::from(from == Some(status));
        let mut update = self.sql(
            "UPDATE counts SET queued = queued + :queued, running = running + :running,
                               succeeded = succeeded + :succeeded, failed = failed + :failed
             WHERE stream_id = :stream",
        )?;
        update
            .execute(named_params! {
                ":stream": stream.as_str(),
                ":queued": change(Status::Queued),
                ":running": change(Status::Running),
                ":succeeded": change(Status::Succeeded),
                ":failed": change(Status::Failed),
            })
            .map(|_| ())
    }
}

/// The tasks by status: of one stream, or of all.
pub(super) fn read(conn: &Connection, stream: Option<&str>) -> Result<Counts, Fault> {
    let mut select = conn.prepare_cached(match stream {
        Some(_) => "SELECT queued, running, succeeded, failed FROM counts WHERE stream_id = ?1",
        None => {
            "SELECT coalesce(sum(queued), 0), coalesce(sum(running), 0), coalesce(sum(succeeded), 0),
                    coalesce(sum(failed), 0) FROM counts WHERE ?1 IS NULL"
        }
    })?;
    let counts = select.query_row([stream], |row| {
        Ok(Counts {
            queued: row.get(0)?,
            running: row.get(1)?,
            succeeded: row.get(2)?,
            failed: row.get(3)?,
        })
    });
    Ok(counts?)
}
