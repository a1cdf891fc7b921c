use rusqlite::Connection;
use sparkq_core::Time;
use sparkq_core::wire::Overview;

use super::{counts, plugin_faults, project};
use crate::error::Fault;

pub(super) fn overview(conn: &Connection, now: Time) -> Result<Overview, Fault> {
    let count = |sql: &str| conn.prepare_cached(sql)?.query_row([], |row| row.get(0));
    let stale =
        "SELECT count(*) FROM tasks WHERE status = 'running' AND started_at + 1000 * timeout < ?1";
    Ok(Overview {
        project: project::read(conn)?
            .map(|project| project.name)
            .unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tasks: counts::read(conn, None)?,
        stale: conn
            .prepare_cached(stale)?
            .query_row([now.as_millis()], |row| row.get(0))?,
        active_sessions: count("SELECT count(*) FROM sessions WHERE status = 'active'")?,
        active_streams: count(
            "SELECT count(*) FROM streams JOIN sessions ON sessions.id = session_id
             WHERE streams.status = 'active' AND sessions.status = 'active'",
        )?,
        last_seq: last_seq(conn)?,
        server: None,
        watchers: Vec::new(),
        quarantined: {
            let mut faults = plugin_faults::all(conn)?;
            faults.retain(|faults| faults.is_quarantined(now));
            faults
        },
        warnings: Vec::new(),
    })
}

pub(super) fn last_seq(conn: &Connection) -> Result<i64, Fault> {
    // Not max(seq): a purge may have taken the newest event, and its number is never given out again.
    let mut select = conn.prepare_cached(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'",
    )?;
    Ok(select.query_row([], |row| row.get(0))?)
}
