//! A new `sparkq.toml`.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::Config;

/// Folders that are taken for script folders when they exist.
const SCRIPT_FOLDERS: [&str; 3] = ["scripts", "tools", "bin"];

/// The text of a new file for the project in `root`: every key of the six tables at its default, one a line.
pub(crate) fn new_file(root: &Path) -> String {
    let defaults = Config::parse("", root).unwrap_or_default();
    let name = root.file_name().map_or_else(
        || "project".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    let found: Vec<_> = SCRIPT_FOLDERS
        .into_iter()
        .filter(|folder| root.join(folder).is_dir())
        .collect();
    let dirs = if found.is_empty() {
        vec!["scripts"]
    } else {
        found
    };

    let mut document = DocumentMut::new();
    let mut add = |table: &str, entries: Vec<(&str, Item)>| {
        let mut content = Table::new();
        for (key, item) in entries {
            content.insert(key, item);
        }
        document.insert(table, Item::Table(content));
    };
    add(
        "project",
        vec![
            ("name", value(name)),
            ("repo_path", value(defaults.project.repo_path)),
            ("prd_path", value(defaults.project.prd_path)),
        ],
    );
    add(
        "server",
        vec![
            ("host", value(defaults.server.host)),
            ("port", value(i64::from(defaults.server.port))),
        ],
    );
    add(
        "database",
        vec![("path", value(defaults.database.path.display().to_string()))],
    );
    add(
        "purge",
        vec![(
            "older_than_days",
            value(i64::from(defaults.purge.older_than_days)),
        )],
    );
    add(
        "scripts",
        vec![("dirs", value(dirs.into_iter().collect::<Array>()))],
    );
    let classes = sparkq_core::TaskClass::BUILT_IN.map(|(name, seconds)| {
        let mut class = toml_edit::InlineTable::new();
        class.insert("timeout", i64::try_from(seconds).unwrap_or(i64::MAX).into());
        (name, value(class))
    });
    add("task_classes", classes.into());
    document.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_spells_every_key_of_the_six_tables_and_reads_back() {
        let text = new_file(Path::new("/home/me/my-app"));
        insta::assert_snapshot!(text, @r#"
        [project]
        name = "my-app"
        repo_path = "."
        prd_path = ""

        [server]
        host = "127.0.0.1"
        port = 8420

        [database]
        path = "sparkq.db"

        [purge]
        older_than_days = 3

        [scripts]
        dirs = ["scripts"]

        [task_classes]
        FAST_SCRIPT = { timeout = 30 }
        MEDIUM_SCRIPT = { timeout = 300 }
        LLM_LITE = { timeout = 300 }
        LLM_HEAVY = { timeout = 900 }
        "#);
        Config::parse(&text, Path::new("sparkq.toml")).expect("what is written can be read");
    }
}
