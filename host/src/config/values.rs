//! Every value in force, and where it came from.

use serde_json::{Map, Value};
use sparkq_core::wire::{Configuration, Setting};

use super::Project;

/// Where a value comes from that nobody set.
const DEFAULT: &str = "default";

impl Project {
    /// What `GET /api/config` answers. No secret is among it: a token's file is named, never read.
    pub(crate) fn values(&self) -> Configuration {
        let whole = serde_json::to_value(&self.config).unwrap_or_default();
        let mut items = Vec::new();
        if let Value::Object(tables) = whole {
            for (table, content) in tables {
                self.collect(&table, content, &mut items);
            }
        }
        Configuration {
            file: self.file.display().to_string(),
            items,
            warnings: self.warnings(),
        }
    }

    /// Goes down to the values: a table of the file is followed, and what a key holds is not.
    fn collect(&self, key: &str, value: Value, items: &mut Vec<Setting>) {
        // What a plugin is given is its own, whatever it looks like.
        let opaque = match key.split('.').collect::<Vec<_>>()[..] {
            ["plugins", _, last] => matches!(last, "config" | "files"),
            _ => false,
        };
        match value {
            Value::Object(content) if !opaque => {
                for (name, value) in Map::into_iter(content) {
                    self.collect(&format!("{key}.{name}"), value, items);
                }
            }
            Value::Null => {}
            value => {
                let line = self.lines.get(key).copied();
                let source =
                    line.map_or_else(|| DEFAULT.to_owned(), |_| self.file.display().to_string());
                items.push(Setting {
                    key: key.to_owned(),
                    value,
                    source,
                    line,
                });
            }
        }
    }
}
