//! What may stand in `sparkq.toml`. Anything else is refused with its place.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sparkq_core::{Code, Refusal, TaskClass, Timeout};

/// The whole file; every table and key may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) project: ProjectTable,
    pub(crate) server: ServerTable,
    pub(crate) database: DatabaseTable,
    pub(crate) purge: PurgeTable,
    pub(crate) scripts: ScriptsTable,
    #[serde(deserialize_with = "classes")]
    pub(crate) task_classes: Classes,
}

/// What the project is called and where it lies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ProjectTable {
    pub(crate) name: String,
    pub(crate) repo_path: String,
    pub(crate) prd_path: String,
}

/// Where the server listens and which names it goes by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServerTable {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) allowed_hosts: Vec<String>,
}

/// Where the database lies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DatabaseTable {
    pub(crate) path: PathBuf,
}

/// How long finished tasks are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PurgeTable {
    pub(crate) older_than_days: u32,
}

/// Where the project's scripts lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ScriptsTable {
    pub(crate) dirs: Vec<String>,
}

/// What a task class stands for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassTable {
    pub(crate) timeout: Timeout,
}

/// The task classes by name.
pub(crate) type Classes = BTreeMap<String, ClassTable>;

impl Default for ProjectTable {
    fn default() -> Self {
        Self {
            name: String::new(),
            repo_path: ".".to_owned(),
            prd_path: String::new(),
        }
    }
}

impl Default for ServerTable {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8420,
            allowed_hosts: Vec::new(),
        }
    }
}

impl Default for DatabaseTable {
    fn default() -> Self {
        Self {
            path: PathBuf::from("sparkq.db"),
        }
    }
}

impl Default for PurgeTable {
    fn default() -> Self {
        Self { older_than_days: 3 }
    }
}

impl Default for ScriptsTable {
    fn default() -> Self {
        Self {
            dirs: vec!["scripts".to_owned()],
        }
    }
}

/// The class table with the built-in classes below it.
fn classes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Classes, D::Error> {
    let mut classes = built_in_classes();
    for (name, class) in Classes::deserialize(deserializer)? {
        TaskClass::try_from(name.clone())
            .map_err(|error| serde::de::Error::custom(format_args!("`{name}` is {error}")))?;
        classes.insert(name, class);
    }
    Ok(classes)
}

fn built_in_classes() -> Classes {
    let class = |(name, seconds): (&str, u64)| {
        let timeout = Timeout::from_seconds(seconds).unwrap_or(TaskClass::DEFAULT_TIMEOUT);
        (name.to_owned(), ClassTable { timeout })
    };
    TaskClass::BUILT_IN.map(class).into()
}

impl Config {
    /// Reads the text of `path`. Errors name file, line and column.
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Self, Refusal> {
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let (line, column) = place(text, error.span().map_or(0, |span| span.start));
            let what = error.message().lines().collect::<Vec<_>>().join(" ");
            invalid(format!("{}:{line}:{column}: {what}", path.display()))
        })?;
        if config.task_classes.is_empty() {
            config.task_classes = built_in_classes();
        }
        if config
            .address()
            .is_none_or(|address| !address.is_loopback())
        {
            let host = &config.server.host;
            return Err(invalid(format!(
                "{}: [server] host `{host}` is not a loopback address, and the server listens on this machine alone",
                path.display()
            )));
        }
        Ok(config)
    }

    /// The address the server listens on; none where `host` is neither an address nor `localhost`.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        match self.server.host.as_str() {
            "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
            host => host.parse().ok(),
        }
    }
}

fn invalid(message: String) -> Refusal {
    Refusal::Project {
        code: Code::ConfigInvalid,
        message,
        hint: String::new(),
    }
}

/// Line and column, both from 1, of the byte at `offset`.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Config::parse(text, Path::new("sparkq.toml"))
            .expect_err(text)
            .to_string()
    }

    #[test]
    fn an_empty_file_is_a_project_with_every_default() {
        let config = Config::parse("", Path::new("sparkq.toml")).expect("a config");
        assert_eq!(
            (config.server.host.as_str(), config.server.port),
            ("127.0.0.1", 8420)
        );
        assert_eq!(config.task_classes.len(), 4);
        assert_eq!(config.task_classes["LLM_HEAVY"].timeout.seconds(), 900);
    }

    #[test]
    fn a_class_that_is_set_leaves_the_others_at_their_defaults() {
        let text = "[task_classes]\nFAST_SCRIPT = { timeout = 10 }\n";
        let config = Config::parse(text, Path::new("sparkq.toml")).expect("a config");
        assert_eq!(config.task_classes["FAST_SCRIPT"].timeout.seconds(), 10);
        assert_eq!(config.task_classes["LLM_LITE"].timeout.seconds(), 300);
    }

    #[test]
    fn what_does_not_belong_is_refused_with_line_and_column() {
        assert!(
            refused("[server]\nprot = 1\n")
                .starts_with("sparkq.toml:2:1: unknown field `prot`, expected one of")
        );
        assert!(refused("[server]\nport = \"x\"\n").starts_with("sparkq.toml:2:8: invalid type"));
        assert!(refused("[server]\nport = 99999\n").starts_with("sparkq.toml:2:8:"));
        assert!(refused("[project\n").starts_with("sparkq.toml:1:9:"));
        assert!(refused("[task_classes]\nfast = { timeout = 1 }\n").contains("not a task class"));
        assert!(
            refused("[task_classes]\nFAST_SCRIPT = { timeout = 0 }\n")
                .contains("from 1 second to 7 days")
        );
    }

    #[test]
    fn an_address_that_others_can_reach_is_refused() {
        for host in ["0.0.0.0", "192.168.1.4", "example.com", ""] {
            assert!(
                refused(&format!("[server]\nhost = \"{host}\"\n"))
                    .contains("not a loopback address")
            );
        }
    }
}
