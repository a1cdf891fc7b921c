//! The guest crate as it lies in the folder of a new plugin: the one that the built-in plugins use, made to stand alone.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use toml_edit::{DocumentMut, Item, TableLike};

use super::new::text;
use crate::queue::Error;

/// Its name, and that of its folder.
pub(super) const CRATE: &str = "sparkq-plugin";

/// The plugin contract.
pub(super) const CONTRACT: &str = include_str!("../../../../wit/sparkq-plugin@1.0.0/plugin.wit");

/// What its manifest inherits from.
const WORKSPACE: &str = include_str!("../../../../Cargo.toml");

/// Where its bindings find the contract here, and in a plugin's folder.
const WIT: [&str; 2] = ["../../wit/sparkq-plugin@1.0.0", "../wit"];

#[derive(RustEmbed)]
#[folder = "../plugins/sdk"]
struct Guest;

/// Its files by their path in the plugin's folder.
pub(super) fn files() -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    for path in Guest::iter() {
        let bytes = Guest::get(&path).map(|file| file.data).unwrap_or_default();
        let text = text(&path, bytes)?;
        let text = match path.as_ref() {
            "Cargo.toml" => alone(&text, WORKSPACE)
                .map_err(|why| Error::Internal(format!("the embedded {path}: {why}")))?,
            _ => text.replace(WIT[0], WIT[1]),
        };
        files.insert(format!("{CRATE}/{path}"), text);
    }
    Ok(files)
}

/// A manifest without its workspace: what it inherits stands in it, and the workspace's lints are gone.
fn alone(manifest: &str, workspace: &str) -> Result<String, String> {
    let parse = |text: &str| text.parse::<DocumentMut>().map_err(|why| why.to_string());
    let (mut manifest, workspace) = (parse(manifest)?, parse(workspace)?);
    manifest.remove("lints");
    for (table, from) in [
        ("package", "package"),
        ("dependencies", "dependencies"),
        ("dev-dependencies", "dependencies"),
    ] {
        let inherited = workspace.get("workspace").and_then(|all| all.get(from));
        let Some(table) = manifest.get_mut(table).and_then(Item::as_table_like_mut) else {
            continue;
        };
        let keys = table.iter().filter(|(_, item)| inherits(item));
        let keys: Vec<String> = keys.map(|(key, _)| key.to_owned()).collect();
        for key in keys {
            let value = inherited.and_then(|all| all.get(&key)).cloned();
            let value = value.ok_or_else(|| format!("the workspace has no `{key}`"))?;
            table.insert(&key, value);
        }
    }
    Ok(manifest.to_string())
}

fn inherits(item: &Item) -> bool {
    let table = item.as_table_like();
    table.and_then(|table: &dyn TableLike| table.get("workspace")?.as_bool()) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guest_crate_stands_alone_with_its_contract_beside_it() {
        let files = files().expect("files");
        let manifest = &files["sparkq-plugin/Cargo.toml"];
        assert!(!manifest.contains("workspace"), "{manifest}");
        assert!(manifest.contains("wit-bindgen = \"0."), "{manifest}");
        let bindings = &files["sparkq-plugin/src/bindings.rs"];
        assert!(bindings.contains("\"../wit\"") && !bindings.contains("../../wit"));
        assert!(files.values().all(|text| !text.contains("../../wit")));
    }

    #[test]
    fn a_manifest_that_inherits_what_is_not_there_is_a_mistake() {
        let manifest =
            "[dependencies]\nserde.workspace = true\nanyhow = \"1\"\n[lints]\nworkspace = true\n";
        let workspace =
            "[workspace.dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n";
        let made = alone(manifest, workspace).expect("made");
        assert!(made.contains("features = [\"derive\"]") && made.contains("anyhow = \"1\""));
        assert!(!made.contains("workspace"), "{made}");
        alone(manifest, "").expect_err("no serde");
    }
}
