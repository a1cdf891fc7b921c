//! Plugins that fail: counted across processes, so that one that keeps failing is left alone by all of them.

use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::json;
use sparkq_core::wire::{EventKind, PluginFaults};
use sparkq_core::{Time, quarantine};

use super::event::NewEvent;
use super::{Run, Tx};
use crate::error::{Error, Fault};
use crate::request::{PluginFailed, RestorePlugin};

/// Who acts when a plugin is left alone, or is not any more.
pub(super) const ACTOR: &str = "sparkq";

impl Run for PluginFailed {
    fn run(&self, tx: &Tx<'_>) -> Result<PluginFaults, Error> {
        // A component that has been replaced starts with a clean slate.
        let before = all(tx.conn)?
            .into_iter()
            .find(|faults| faults.plugin == self.plugin && faults.digest == self.digest);
        // Calls that were under way when it came to be left alone say nothing new.
        if let Some(left_alone) = before
            .clone()
            .filter(|faults| faults.is_quarantined(self.now))
        {
            return Ok(left_alone);
        }
        let in_row = before.map_or(0, |faults| faults.in_row).saturating_add(1);
        let rest = quarantine::rest_after(in_row);
        let until = rest.map(|rest| {
            let rest = i64::try_from(rest.as_millis()).unwrap_or(i64::MAX);
            Time::from_millis(self.now.as_millis().saturating_add(rest))
        });
        tx.sql(
            "INSERT OR REPLACE INTO plugin_faults (plugin, digest, in_row, kind, fault, at, until)
             VALUES (:plugin, :digest, :in_row, :kind, :fault, :at, :until)",
        )?
        .execute(named_params! {
            ":plugin": self.plugin,
            ":digest": self.digest,
            ":in_row": in_row,
            ":kind": self.kind,
            ":fault": self.fault,
            ":at": self.now.as_millis(),
            ":until": until.map(Time::as_millis),
        })?;
        if let Some(until) = until {
            let data = json!({
                "plugin": self.plugin, "digest": self.digest, "in_row": in_row, "kind": self.kind,
                "fault": self.fault, "until": until,
            });
            self.tell(tx, EventKind::PluginQuarantined, &data)?;
        }
        Ok(PluginFaults {
            plugin: self.plugin.clone(),
            digest: self.digest.clone(),
            in_row,
            kind: self.kind.clone(),
            fault: self.fault.clone(),
            at: self.now,
            until,
        })
    }
}

impl PluginFailed {
    fn tell(&self, tx: &Tx<'_>, kind: EventKind, data: &serde_json::Value) -> Result<(), Error> {
        Ok(tell(tx, self.now, kind, ACTOR, data)?)
    }
}

impl Run for RestorePlugin {
    fn run(&self, tx: &Tx<'_>) -> Result<bool, Error> {
        let gone: Option<Option<i64>> = tx
            .sql("DELETE FROM plugin_faults WHERE plugin = ?1 RETURNING until")?
            .query_row([&self.plugin], |row| row.get(0))
            .optional()?;
        let was_left_alone = gone.flatten().is_some();
        if was_left_alone {
            let actor = self.actor.as_ref().map_or(ACTOR, |actor| actor.as_str());
            let data = json!({ "plugin": self.plugin });
            tell(tx, self.now, EventKind::PluginRestored, actor, &data)?;
        }
        Ok(was_left_alone)
    }
}

/// Tells of a plugin.
pub(super) fn tell(
    tx: &Tx<'_>,
    at: Time,
    kind: EventKind,
    actor: &str,
    data: &serde_json::Value,
) -> rusqlite::Result<()> {
    tx.tell(NewEvent {
        at,
        kind,
        actor,
        session: None,
        stream: None,
        task: None,
        data: Some(data.to_string()),
    })
}

/// The plugins whose last call failed.
pub(super) fn all(conn: &Connection) -> Result<Vec<PluginFaults>, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT plugin, digest, in_row, kind, fault, at, until FROM plugin_faults ORDER BY plugin",
    )?;
    let faults = select.query_map([], |row| {
        Ok(PluginFaults {
            plugin: row.get(0)?,
            digest: row.get(1)?,
            in_row: row.get(2)?,
            kind: row.get(3)?,
            fault: row.get(4)?,
            at: Time::from_millis(row.get(5)?),
            until: row.get::<_, Option<i64>>(6)?.map(Time::from_millis),
        })
    })?;
    Ok(faults.collect::<rusqlite::Result<_>>()?)
}
