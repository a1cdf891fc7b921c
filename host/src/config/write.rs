//! Writing `sparkq.toml`: what stands there keeps its comments, its order and its spelling.

use std::path::Path;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{Config, PluginTable};

/// Folders that are taken for script folders when they exist.
const SCRIPT_FOLDERS: [&str; 3] = ["scripts", "tools", "bin"];

/// The script folders that a new project in `root` starts with.
pub(crate) fn script_folders(root: &Path) -> Vec<String> {
    let found = SCRIPT_FOLDERS
        .iter()
        .filter(|folder| root.join(folder).is_dir());
    let found: Vec<_> = found.map(ToString::to_string).collect();
    if found.is_empty() {
        vec!["scripts".to_owned()]
    } else {
        found
    }
}

/// The file as it is to be.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Comments of a file that has nothing else; they stay on top.
    head: String,
    document: DocumentMut,
    /// Whether its lines end as those of Windows do.
    crlf: bool,
}

impl Draft {
    /// Starts from the text of a file that can be read.
    pub(crate) fn of(text: &str) -> Self {
        let crlf = text.contains("\r\n");
        let document: DocumentMut = text.parse().unwrap_or_default();
        if document.is_empty() {
            let comments = text.trim();
            let head = if comments.is_empty() {
                String::new()
            } else {
                format!("{comments}\n\n")
            };
            return Self {
                head,
                document: DocumentMut::new(),
                crlf,
            };
        }
        Self {
            head: String::new(),
            document,
            crlf,
        }
    }

    /// Whether the key stands in the file.
    pub(crate) fn has(&self, key: &[&str]) -> bool {
        let mut item = Some(self.document.as_item());
        for name in key {
            item = item
                .and_then(Item::as_table_like)
                .and_then(|table| table.get(name));
        }
        item.is_some()
    }

    /// Sets a key. One that has the value already stays as it is spelled, one that has another keeps its comment.
    pub(crate) fn set(&mut self, key: &[&str], value: impl Into<Value>) {
        let mut value = value.into();
        let Some((name, above)) = key.split_last() else {
            return;
        };
        let mut table: &mut dyn TableLike = self.document.as_table_mut();
        for (depth, name) in above.iter().enumerate() {
            let new = || match depth {
                0 => Item::Table(Table::new()),
                _ => Item::Value(InlineTable::new().into()),
            };
            match table.entry(name).or_insert_with(new).as_table_like_mut() {
                Some(inner) => table = inner,
                None => return,
            }
        }
        match table.get_mut(name).and_then(Item::as_value_mut) {
            Some(old) if same(old, &value) => {}
            Some(old) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            None => {
                table.insert(name, Item::Value(value));
            }
        }
    }

    /// Writes down a plugin. One that is there keeps what it says beside these keys, and its comments.
    pub(crate) fn plugin(&mut self, name: &str, table: &PluginTable) {
        let plugins = self.document.as_table_mut();
        let plugins = plugins.entry("plugins").or_insert_with(|| {
            let mut plugins = Table::new();
            plugins.set_implicit(true);
            Item::Table(plugins)
        });
        match plugins {
            Item::Table(plugins) if !plugins.contains_key(name) => {
                plugins.insert(name, Item::Table(Table::new()));
            }
            _ => {}
        }
        let text = |path: &Path| path.display().to_string();
        self.set(&["plugins", name, "path"], text(&table.path));
        self.set(&["plugins", name, "sha256"], table.sha256.as_str());
        if !table.allow.is_empty() || self.has(&["plugins", name, "allow"]) {
            let allow = table.allow.iter().collect::<Array>();
            self.set(&["plugins", name, "allow"], allow);
        }
        for (grant, folder) in &table.files {
            self.set(&["plugins", name, "files", grant], text(folder));
        }
    }

    /// Takes a plugin out.
    pub(crate) fn remove_plugin(&mut self, name: &str) {
        let plugins = self.document.get_mut("plugins");
        if let Some(plugins) = plugins.and_then(Item::as_table_like_mut) {
            plugins.remove(name);
            if plugins.is_empty() {
                self.document.remove("plugins");
            }
        }
    }

    /// Adds what is missing among the keys of the first six tables, at its value in `config`.
    pub(crate) fn complete(&mut self, config: &Config) {
        let Config {
            project,
            server,
            database,
            purge,
            scripts,
            task_classes,
            ..
        } = config;
        self.add(&["project", "name"], &project.name);
        self.add(&["project", "repo_path"], &project.repo_path);
        self.add(&["project", "prd_path"], &project.prd_path);
        self.add(&["server", "host"], &server.host);
        self.add(&["server", "port"], i64::from(server.port));
        self.add(&["database", "path"], database.path.display().to_string());
        self.add(
            &["purge", "older_than_days"],
            i64::from(purge.older_than_days),
        );
        self.add(&["scripts", "dirs"], scripts.dirs.iter().collect::<Array>());
        for (class, _) in sparkq_core::TaskClass::BUILT_IN {
            let timeout = task_classes
                .0
                .get(class)
                .map(|class| class.timeout.seconds());
            let timeout = timeout.and_then(|seconds| i64::try_from(seconds).ok());
            self.add(
                &["task_classes", class, "timeout"],
                timeout.unwrap_or_default(),
            );
        }
    }

    /// The file's text.
    pub(crate) fn text(&self) -> String {
        let text = format!("{}{}", self.head, self.document);
        if !self.crlf {
            return text;
        }
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    }

    fn add(&mut self, key: &[&str], value: impl Into<Value>) {
        if !self.has(key) {
            self.set(key, value);
        }
    }
}

/// Whether two values are the same however they are spelled.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.value() == other.value(),
        (Value::String(one), Value::String(other)) => one.value() == other.value(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Project;

    fn project(text: &str) -> Project {
        Project::of(text, Path::new("/tmp/sparkq.toml")).expect(text)
    }

    #[test]
    fn a_new_file_spells_every_key_of_the_six_tables_and_reads_back() {
        let mut config = Config::default();
        config.project.name = "my-app".to_owned();
        let mut draft = Draft::default();
        draft.complete(&config);
        insta::assert_snapshot!(draft.text(), @r#"
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
        assert_eq!(project(&draft.text()).config, config);
    }

    #[test]
    fn what_is_missing_is_added_and_what_is_there_keeps_its_comments_and_its_spelling() {
        let text = "\
# Ours.
[project]   # who we are
name   = 'shop'  # the name

[server]
port = 0x20E4 # as agreed
# the end of the server

[task_classes.LLM_LITE]
timeout = 400 # slow machine

[tools.deploy]
uses = \"run-bash\"
";
        let mut draft = Draft::of(text);
        draft.complete(&project(text).config);
        insta::assert_snapshot!(draft.text(), @r#"
        # Ours.
        [project]   # who we are
        name   = 'shop'  # the name
        repo_path = "."
        prd_path = ""

        [server]
        port = 0x20E4 # as agreed
        host = "127.0.0.1"

        [task_classes]
        FAST_SCRIPT = { timeout = 30 }
        MEDIUM_SCRIPT = { timeout = 300 }
        LLM_HEAVY = { timeout = 900 }
        # the end of the server

        [task_classes.LLM_LITE]
        timeout = 400 # slow machine

        [tools.deploy]
        uses = "run-bash"

        [database]
        path = "sparkq.db"

        [purge]
        older_than_days = 3

        [scripts]
        dirs = ["scripts"]
        "#);
        project(&draft.text());
        let mut again = Draft::of(&draft.text());
        again.complete(&project(&draft.text()).config);
        assert_eq!(again.text(), draft.text(), "once is enough");
    }

    #[test]
    fn a_value_that_changes_keeps_the_comment_beside_it() {
        let mut draft = Draft::of("[server]\nport = 1 # why\nhost = \"::1\"\n");
        draft.set(&["server", "port"], 2);
        draft.set(&["server", "host"], "::1");
        assert_eq!(draft.text(), "[server]\nport = 2 # why\nhost = \"::1\"\n");
        let mut draft = Draft::of("[server]\r\nport = 1 # why\r\n");
        draft.set(&["server", "port"], 2);
        assert_eq!(draft.text(), "[server]\r\nport = 2 # why\r\n");
    }

    #[test]
    fn tables_in_one_line_and_keys_with_dots_are_added_to_as_they_are() {
        for text in [
            "server = { port = 5 }\n",
            "server.port = 5\n",
            "# nothing but this\n",
            "",
        ] {
            let mut draft = Draft::of(text);
            draft.complete(&project(text).config);
            let written = draft.text();
            assert_eq!(project(&written).config, project(text).config, "{written}");
            assert!(written.contains("LLM_HEAVY") && written.contains("older_than_days"));
            assert_eq!(written.starts_with("# nothing"), text.starts_with('#'));
        }
    }
}
