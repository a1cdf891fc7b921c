//! The catalogue of plugins and tools, and the script index: what the plugins said, kept so that they need not be asked.

use rusqlite::Connection;
use sparkq_core::{PluginRecord, Script, ToolDefinition};

use super::{Run, Tx};
use crate::error::{Error, Fault, FaultKind};
use crate::request::{SavePlugins, SaveScripts};

impl Run for SavePlugins {
    fn run(&self, tx: &Tx<'_>) -> Result<(), Error> {
        tx.sql("DELETE FROM plugins")?.execute([])?;
        let mut plugin =
            tx.sql("INSERT INTO plugins (name, version, digest, judges) VALUES (?1, ?2, ?3, ?4)")?;
        let mut tool =
            tx.sql("INSERT INTO tools (name, plugin, place, guide, definition) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for record in &self.plugins {
            plugin.execute((&record.name, &record.version, &record.digest, record.judges))?;
            for (place, definition) in record.tools.iter().enumerate() {
                let text = serde_json::to_string(definition).map_err(unwritable)?;
                tool.execute((
                    &definition.name,
                    &record.name,
                    place,
                    &definition.guide,
                    text,
                ))?;
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
    let mut select =
        conn.prepare_cached("SELECT name, version, digest, judges FROM plugins ORDER BY name")?;
    let record = |row: &rusqlite::Row<'_>| {
        Ok(PluginRecord {
            name: row.get(0)?,
            version: row.get(1)?,
            digest: row.get(2)?,
            judges: row.get(3)?,
            tools: Vec::new(),
        })
    };
    let mut plugins = select
        .query_map([], record)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
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
