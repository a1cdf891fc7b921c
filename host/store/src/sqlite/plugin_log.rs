//! What plugins wrote into their logs, bounded: of each plugin the newest lines are kept.

use rusqlite::{Connection, named_params};
use sparkq_core::Time;
use sparkq_core::wire::{List, PluginLine};

use super::{Run, Tx};
use crate::error::{Error, Fault};
use crate::read::PluginLog;
use crate::request::SavePluginLog;

/// How many lines of each plugin are kept.
const KEPT: i64 = 1_000;

impl Run for SavePluginLog {
    fn run(&self, tx: &Tx<'_>) -> Result<(), Error> {
        let mut insert = tx.sql(
            "INSERT INTO plugin_log (at, plugin, level, function, task_id, message)
             VALUES (:at, :plugin, :level, :function, :task, :message)",
        )?;
        let mut plugins: Vec<&str> = Vec::new();
        for line in &self.lines {
            insert.execute(named_params! {
                ":at": self.now.as_millis(),
                ":plugin": line.plugin,
                ":level": line.level,
                ":function": line.function,
                ":task": line.task,
                ":message": line.message,
            })?;
            if !plugins.contains(&line.plugin.as_str()) {
                plugins.push(&line.plugin);
            }
        }
        let mut trim = tx.sql(
            "DELETE FROM plugin_log WHERE plugin = :plugin AND seq <=
             (SELECT seq FROM plugin_log WHERE plugin = :plugin ORDER BY seq DESC LIMIT 1 OFFSET :kept)",
        )?;
        for plugin in plugins {
            trim.execute(named_params! { ":plugin": plugin, ":kept": KEPT })?;
        }
        Ok(())
    }
}

/// The newest lines, oldest first; the cursor leads to the lines before them.
pub(super) fn read(conn: &Connection, query: &PluginLog) -> Result<List<PluginLine>, Fault> {
    let mut count =
        conn.prepare_cached("SELECT count(*) FROM plugin_log WHERE ?1 IS NULL OR plugin = ?1")?;
    let total = count.query_row([&query.plugin], |row| row.get(0))?;
    let mut select = conn.prepare_cached(
        "SELECT seq, at, plugin, level, function, task_id, message FROM plugin_log
         WHERE (:plugin IS NULL OR plugin = :plugin) AND (:before IS NULL OR seq < :before)
         ORDER BY seq DESC LIMIT :limit",
    )?;
    let values = named_params! {
        ":plugin": query.plugin, ":before": query.before, ":limit": i64::from(query.limit) + 1,
    };
    let lines = select.query_map(values, |row| {
        Ok(PluginLine {
            seq: row.get(0)?,
            at: Time::from_millis(row.get(1)?),
            plugin: row.get(2)?,
            level: row.get(3)?,
            function: row.get(4)?,
            task_id: row.get(5)?,
            message: row.get(6)?,
        })
    })?;
    let mut lines = lines.collect::<rusqlite::Result<Vec<_>>>()?;
    let more = lines.len() > query.limit as usize;
    lines.truncate(query.limit as usize);
    lines.reverse();
    let oldest = lines.first().filter(|_| more);
    Ok(List {
        total,
        next_cursor: oldest.map(|line| line.seq.to_string()),
        items: lines,
    })
}
