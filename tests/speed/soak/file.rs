//! What the database itself says, to somebody who opens the file beside the server.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use rusqlite::{Connection, OpenFlags};

/// What a task leaves in the log.
const KINDS: [&str; 3] = ["task.claimed", "task.completed", "task.enqueued"];

/// Opens the file to read it, so that nothing is tidied up when it is closed again.
pub(crate) fn open(path: &Path) -> Result<Connection> {
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    file.busy_timeout(Duration::from_secs(20))?;
    Ok(file)
}

/// One number.
pub(crate) fn number(file: &Connection, sql: &str) -> Result<u64> {
    Ok(file.query_row(sql, [], |row| row.get(0))?)
}

/// Holds a stream that is done with to the number of its tasks: each is there once, has been worked on once, and tells of
/// being queued, claimed and completed once.
pub(crate) fn audit(path: &Path, stream: &str, tasks: u64) -> Result<()> {
    let file = open(path)?;
    let id: String = file.query_row("SELECT id FROM streams WHERE name = ?1", [stream], |row| {
        row.get(0)
    })?;
    let counted: [u64; 2] = file.query_row(
        "SELECT count(*), count(*) FILTER (WHERE status = 'succeeded' AND attempts = 1) FROM tasks WHERE stream_id = ?1",
        [&id],
        |row| Ok([row.get(0)?, row.get(1)?]),
    )?;
    ensure!(
        counted == [tasks; 2],
        "of the {tasks} tasks of {stream} the database has {}, of which {} succeeded",
        counted[0],
        counted[1]
    );
    let mut select = file.prepare(
        "SELECT kind, count(*), count(DISTINCT task_id) FROM events
         WHERE stream_id = ?1 AND task_id IS NOT NULL GROUP BY kind ORDER BY kind",
    )?;
    let told = select.query_map([&id], |row| {
        Ok((row.get(0)?, [row.get::<_, u64>(1)?, row.get(2)?]))
    })?;
    let told: Vec<(String, [u64; 2])> = told.collect::<rusqlite::Result<_>>()?;
    let expected = KINDS.map(|kind| (kind.to_owned(), [tasks; 2]));
    ensure!(
        told == expected,
        "the events of the {tasks} tasks of {stream}, all and by task, are {told:?}"
    );
    Ok(())
}

/// What is left when all is done.
#[derive(Debug)]
pub(crate) struct Left {
    /// How many tasks are there.
    pub(crate) tasks: u64,
    /// How many of them have not succeeded.
    pub(crate) unfinished: u64,
    /// How many tasks the log says were purged.
    pub(crate) purged: u64,
    /// What is wrong with the file.
    pub(crate) damage: Vec<String>,
}

/// Looks through the whole file.
pub(crate) fn inspect(path: &Path) -> Result<Left> {
    let file = open(path)?;
    let mut damage: Vec<String> = Vec::new();
    file.pragma_query(None, "integrity_check", |row| {
        damage.push(row.get(0)?);
        Ok(())
    })?;
    damage.retain(|line| line != "ok");
    file.pragma_query(None, "foreign_key_check", |row| {
        damage.push(format!(
            "a row of {} leads nowhere",
            row.get::<_, String>(0)?
        ));
        Ok(())
    })?;
    Ok(Left {
        tasks: number(&file, "SELECT count(*) FROM tasks")?,
        unfinished: number(
            &file,
            "SELECT count(*) FROM tasks WHERE status <> 'succeeded'",
        )?,
        purged: number(
            &file,
            "SELECT coalesce(sum(data ->> 'tasks'), 0) FROM events WHERE kind = 'task.purged'",
        )?,
        damage,
    })
}
