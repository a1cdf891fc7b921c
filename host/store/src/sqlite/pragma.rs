//! What every connection is set to, read back and checked.

use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::{Fault, FaultKind};

pub(super) fn apply(conn: &Connection) -> Result<(), Fault> {
    // A command that is the last one to close the file would otherwise checkpoint on its way out.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Else a statement whose plan could depend on a value is prepared anew each time it is run.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    set(conn, "journal_mode", "wal", "wal")?;
    set(conn, "synchronous", "full", "2")?;
    set(conn, "foreign_keys", "on", "1")?;
    set(conn, "journal_size_limit", "67108864", "67108864")?;
    set(conn, "cache_size", "-16384", "-16384")?;
    if cfg!(target_os = "macos") {
        // There fsync alone does not reach the disk.
        set(conn, "fullfsync", "on", "1")?;
        set(conn, "checkpoint_fullfsync", "on", "1")?;
    }
    Ok(())
}

/// For the server, whose commits never end: what is written again and again is then brought from the WAL into the
/// database once for many commits. In pages of 4 KiB; a command leaves it at SQLite's thousand.
pub(super) fn checkpoint_seldom(conn: &Connection) -> Result<(), Fault> {
    set(conn, "wal_autocheckpoint", "4000", "4000")
}

/// How long a checkpoint waits for those who read or write just then.
const CHECKPOINT: Duration = Duration::from_millis(300);

/// Brings what is in the WAL into the database, and empties it: else each command that is alone with the file would have
/// to read all of it first. Somebody who is busy with it for long keeps it as it is.
pub(super) fn checkpoint(conn: &Connection) -> Result<(), Fault> {
    conn.busy_timeout(CHECKPOINT)?;
    Ok(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

fn set(conn: &Connection, name: &str, value: &str, expected: &str) -> Result<(), Fault> {
    conn.pragma_update(None, name, value)?;
    let got = conn.pragma_query_value(None, name, |row| {
        row.get::<_, i64>(0)
            .map(|number| number.to_string())
            .or_else(|_| row.get(0))
    })?;
    if got == expected {
        return Ok(());
    }
    let message = format!("the database cannot be set to {name} = {value} here; it stays at {got}");
    Err(Fault::new(FaultKind::Other, message))
}
