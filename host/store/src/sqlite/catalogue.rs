//! The catalogue of plugins and tools, and the script index: what the plugins said, kept so that they need not be asked.

use rusqlite::{Connection, named_params};
use serde_json::json;
use sparkq_core::wire::EventKind;
use sparkq_core::{PluginRecord, Script, ToolDefinition};

use super::{Run, Tx, plugin_faults};
use crate::error::{Error, Fault, FaultKind};
use crate::request::{SavePlugins, SaveScripts};

impl Run for SavePlugins {
    fn run(&self, tx: &Tx<'_>) -> Result<(), Error> {
        self.tell(tx)?;
        tx.sql("DELETE FROM plugins")?.execute([])?;
        let mut plugin = tx.sql(
            "INSERT INTO plugins (name, version, digest, config, built_in, judges, about)
             VALUES (:name, :version, :digest, :config, :built_in, :judges, :about)",
        )?;
        let mut tool = tx.sql(
            "INSERT INTO tools (plugin, name, place, guide, definition) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for record in &self.plugins {
            plugin.execute(named_params! {
                ":name": record.name,
                ":version": record.version,
                ":digest": record.digest,
                ":config": record.config,
                ":built_in": record.built_in,
                ":judges": record.judges,
                ":about": serde_json::to_string(&record.about).map_err(unwritable)?,
            })?;
            for (place, definition) in record.tools.iter().enumerate() {
                let text = serde_json::to_string(definition).map_err(unwritable)?;
                tool.execute((
                    &record.name,
                    &definition.name,
                    place,
                    definition.guide_for_workers(&record.name, record.built_in),
                    text,
                ))?;
            }
        }
        Ok(())
    }
}

impl SavePlugins {
    /// Tells of the plugins that came and went. Those of SparkQ's own come and go with the program.
    fn tell(&self, tx: &Tx<'_>) -> Result<(), Error> {
        let before: Vec<(String, String, String)> = tx
            .sql("SELECT name, version, digest FROM plugins WHERE NOT built_in ORDER BY name")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let tell = |kind, name: &str, version: &str, digest: &str| {
            let data = json!({ "plugin": name, "version": version, "digest": digest });
            plugin_faults::tell(tx, self.now, kind, plugin_faults::ACTOR, &data)
        };
        let others = || self.plugins.iter().filter(|plugin| !plugin.built_in);
        for (name, version, digest) in &before {
            if !others().any(|plugin| plugin.name == *name) {
                tell(EventKind::PluginRemoved, name, version, digest)?;
            }
        }
        for plugin in others() {
            let same = |(name, _, digest): &(String, String, String)| {
                *name == plugin.name && *digest == plugin.digest
            };
            if !before.iter().any(same) {
                let (name, version) = (&plugin.name, &plugin.version);
                tell(EventKind::PluginAdded, name, version, &plugin.digest)?;
            }
        }
        Ok(())
    }
}

impl Run for SaveScripts {
    fn run(&self, tx: &Tx<'_>) -> Result<(), Error> {
        tx.sql("DELETE FROM scripts")?.execute([])?;
        let mut insert = tx.sql("INSERT INTO scripts (path, entry) VALUES (?1, ?2)")?;
        for script in &self.scripts {
            insert.execute((
                &script.path,
                serde_json::to_string(script).map_err(unwritable)?,
            ))?;
        }
        Ok(())
    }
}

pub(super) fn plugins(conn: &Connection) -> Result<Vec<PluginRecord>, Fault> {
    let mut select = conn.prepare_cached(
        "SELECT name, version, digest, config, built_in, judges, about FROM plugins ORDER BY name",
    )?;
    let mut rows = select.query([])?;
    let mut plugins = Vec::new();
    while let Some(row) = rows.next()? {
        let about: String = row.get(6)?;
        plugins.push(PluginRecord {
            name: row.get(0)?,
            version: row.get(1)?,
            digest: row.get(2)?,
            config: row.get(3)?,
            built_in: row.get(4)?,
            judges: row.get(5)?,
            about: serde_json::from_str(&about).map_err(unreadable)?,
            tools: Vec::new(),
        });
    }
    let mut select =
        conn.prepare_cached("SELECT definition FROM tools WHERE plugin = ?1 ORDER BY place")?;
    for plugin in &mut plugins {
        let mut rows = select.query([&plugin.name])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            plugin
                .tools
                .push(serde_json::from_str::<ToolDefinition>(&text).map_err(unreadable)?);
        }
    }
    Ok(plugins)
}

pub(super) fn scripts(conn: &Connection) -> Result<Vec<Script>, Fault> {
    let mut select = conn.prepare_cached("SELECT entry FROM scripts ORDER BY path")?;
    let texts = select
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    texts
        .iter()
        .map(|text| serde_json::from_str(text).map_err(unreadable))
        .collect()
}

fn unwritable(error: serde_json::Error) -> Error {
    Fault::new(
        FaultKind::Other,
        format!("the catalogue cannot be written: {error}"),
    )
    .into()
}

fn unreadable(error: serde_json::Error) -> Fault {
    Fault::new(
        FaultKind::Corrupt,
        format!("the catalogue cannot be read: {error}"),
    )
}
