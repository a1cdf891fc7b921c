//! What `sparkq.toml` says, with every default. What may stand in it at all is decided by `keys.rs`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sparkq_core::{TaskClass, Timeout};

/// The whole file; every table and key may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) project: ProjectTable,
    pub(crate) server: ServerTable,
    pub(crate) database: DatabaseTable,
    pub(crate) purge: PurgeTable,
    pub(crate) scripts: ScriptsTable,
    pub(crate) task_classes: Classes,
    pub(crate) tools: BTreeMap<String, ToolTable>,
    pub(crate) plugins: BTreeMap<String, PluginTable>,
    pub(crate) watch: WatchTable,
    pub(crate) events: EventsTable,
}

/// What the project is called and where it lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ProjectTable {
    /// Blank until the file's folder has given its name.
    pub(crate) name: String,
    pub(crate) repo_path: String,
    pub(crate) prd_path: String,
}

/// Where the server listens and which names it goes by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ServerTable {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) allowed_hosts: Vec<String>,
}

/// Where the database lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct DatabaseTable {
    pub(crate) path: PathBuf,
}

/// How long finished tasks are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PurgeTable {
    pub(crate) older_than_days: u32,
}

/// Where the project's scripts lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ScriptsTable {
    pub(crate) dirs: Vec<String>,
}

/// What a task class stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClassTable {
    pub(crate) timeout: Timeout,
}

/// The task classes by name; the built-in ones are always among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, ClassTable>")]
pub(crate) struct Classes(pub(crate) BTreeMap<String, ClassTable>);

/// A tool by another name, or what differs of the tool of this name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ToolTable {
    /// `TOOL` or `PLUGIN/TOOL`; none where the entry is about the tool of its own name.
    pub(crate) uses: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) task_class: Option<TaskClass>,
    pub(crate) timeout: Option<Timeout>,
}

/// A third-party component.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PluginTable {
    pub(crate) path: PathBuf,
    pub(crate) sha256: String,
    #[serde(default)]
    pub(crate) allow: Vec<String>,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, PathBuf>,
    #[serde(default)]
    pub(crate) isolation: Isolation,
    #[serde(default)]
    pub(crate) limits: LimitsTable,
    #[serde(default)]
    pub(crate) config: toml::Table,
}

/// Whether a plugin's instance serves many calls or one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Isolation {
    #[default]
    Reuse,
    Call,
}

/// What one call of a plugin may use; what is none is at its default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LimitsTable {
    pub(crate) fuel: Option<u64>,
    pub(crate) memory_mib: Option<u32>,
    pub(crate) deadline_ms: Option<u32>,
}

/// How often a watcher looks, in seconds, beside being told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct WatchTable {
    pub(crate) idle_poll: u32,
    pub(crate) busy_poll: u32,
}

/// How long events are kept that belong to no task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EventsTable {
    pub(crate) keep_days: u32,
}

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
            token_file: None,
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

impl Default for WatchTable {
    fn default() -> Self {
        Self {
            idle_poll: 60,
            busy_poll: 120,
        }
    }
}

impl Default for EventsTable {
    fn default() -> Self {
        Self { keep_days: 30 }
    }
}

impl Default for Classes {
    fn default() -> Self {
        Self::from(BTreeMap::new())
    }
}

impl From<BTreeMap<String, ClassTable>> for Classes {
    fn from(given: BTreeMap<String, ClassTable>) -> Self {
        let built_in = |(name, seconds): (&str, u64)| {
            let timeout = Timeout::from_seconds(seconds).unwrap_or(TaskClass::DEFAULT_TIMEOUT);
            (name.to_owned(), ClassTable { timeout })
        };
        let mut classes = BTreeMap::from(TaskClass::BUILT_IN.map(built_in));
        classes.extend(given);
        Self(classes)
    }
}

impl ServerTable {
    /// The address the server listens on.
    pub(crate) fn address(&self) -> IpAddr {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        self.host.parse().unwrap_or(loopback)
    }
}
