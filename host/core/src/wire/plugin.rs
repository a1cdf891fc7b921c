use serde::{Deserialize, Serialize};

use crate::time::Time;
use crate::tool::Need;

/// One plugin of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plugin {
    /// The name it is installed under.
    pub name: String,
    /// Its own version; none when it could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// SHA-256 of the component, 64 lower-case hex digits.
    pub digest: String,
    /// Whether it came with SparkQ.
    pub built_in: bool,
    /// Whether its tools can be used.
    pub state: PluginState,
    /// Why they cannot, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What helps, as a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The component's path, relative to the project's folder; none for one that came with SparkQ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where to read on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The terms it comes under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// What it asks to be granted.
    pub needs: Vec<Need>,
    /// What it is granted.
    pub grants: Vec<String>,
    /// The calls that failed since the last that went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faults: Option<PluginFaults>,
    /// The tools that it checks, aliases included.
    pub tools: Vec<String>,
}

/// Whether the tools of a plugin can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PluginState {
    /// They can.
    Loaded,
    /// Nobody has consented to it on this machine, or not to what it is now.
    NotApproved,
    /// It cannot be loaded: its file is missing or differs, or it is no plugin.
    Broken,
    /// It failed too often in a row, and is left alone for a while.
    Quarantined,
}

impl PluginState {
    /// The state as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::NotApproved => "not-approved",
            Self::Broken => "broken",
            Self::Quarantined => "quarantined",
        }
    }
}

/// How a plugin has failed since its last call that went well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginFaults {
    /// The plugin.
    pub plugin: String,
    /// SHA-256 of the component that failed.
    pub digest: String,
    /// How many calls in a row have failed.
    pub in_row: u32,
    /// Which promise was broken last: `trap`, `fuel`, `deadline`, `memory`, `bad-output` or `load`.
    pub kind: String,
    /// The last fault, in a sentence.
    pub fault: String,
    /// When that was.
    pub at: Time,
    /// Until when it is not called; none while it may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl PluginFaults {
    /// Whether the plugin is left alone at this moment.
    #[must_use]
    pub fn is_quarantined(&self, now: Time) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

/// One line of a plugin's log: what it wrote itself, or how it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginLine {
    /// Its place among the lines of all plugins.
    pub seq: i64,
    /// When it was kept.
    pub at: Time,
    /// The plugin.
    pub plugin: String,
    /// `trace`, `debug`, `info`, `warn` or `error` as the plugin says, or `fault` for one of the host's own.
    pub level: String,
    /// The function of the contract that ran.
    pub function: String,
    /// The task that was looked at, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// What was written.
    pub message: String,
}
