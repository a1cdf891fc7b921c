//! What a plugin says of itself and of its tools, as the catalogue keeps it.

use serde::{Deserialize, Serialize};

use crate::timeout::{TaskClass, Timeout};
use crate::wire::Document;

/// One plugin as the catalogue keeps it: asked once per digest, so that later no plugin is started to learn a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginRecord {
    /// The name it is installed under.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// SHA-256 of the component, 64 lower-case hex digits.
    pub digest: String,
    /// The table of settings that it answered under: a JSON object.
    pub config: String,
    /// Whether it came with SparkQ.
    pub built_in: bool,
    /// Whether it judges what workers hand in.
    pub judges: bool,
    /// What it says of itself.
    pub about: About,
    /// Its tools, in its order.
    pub tools: Vec<ToolDefinition>,
}

impl PluginRecord {
    /// How a task names the plugin that checked it: `scripts@0.1.0#0a1b2c3d4e5f`.
    #[must_use]
    pub fn stamp(&self) -> String {
        format!(
            "{}@{}#{}",
            self.name,
            self.version,
            self.digest.get(..12).unwrap_or(&self.digest)
        )
    }
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// Where to read on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The terms it comes under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// What it asks to be granted.
    pub needs: Vec<Need>,
}

/// One thing that a plugin asks to be granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Need {
    /// `files:NAME` or `env:NAME`.
    pub grant: String,
    /// Why, in a sentence of the plugin.
    pub why: String,
    /// Whether it works without.
    pub optional: bool,
}

/// One tool: what payloads it takes and how it is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolDefinition {
    /// Its name: a lower-case letter, then up to 62 lower-case letters, digits or `-`.
    pub name: String,
    /// A few words for people.
    pub title: String,
    /// What it is for, Markdown.
    pub description: String,
    /// How a worker carries it out, Markdown.
    pub guide: String,
    /// Its task class.
    pub task_class: TaskClass,
    /// Its own timeout; none takes the class's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Timeout>,
    /// JSON Schema 2020-12 of its payload.
    pub payload_schema: Document,
    /// JSON Schema of its result, where one is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_schema: Option<Document>,
    /// What a new payload starts from; may hold blanks.
    pub template: Document,
    /// Payloads to copy; at least one.
    pub examples: Vec<Example>,
    /// What running it does to the world.
    pub hints: Hints,
}

impl ToolDefinition {
    /// The guide as workers are given it: that of a plugin which did not come with SparkQ says first whose words it is in.
    #[must_use]
    pub fn guide_for_workers(&self, plugin: &str, built_in: bool) -> String {
        if built_in || self.guide.trim().is_empty() {
            return self.guide.clone();
        }
        format!("(From plugin {plugin}, not from SparkQ:)\n\n{}", self.guide)
    }
}

/// A payload to copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// The payload.
    pub payload: Document,
}

/// What running a tool does to the world, as its plugin says; shown, never relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent marks of the plugin contract"
)]
pub struct Hints {
    /// Changes nothing.
    pub read_only: bool,
    /// May delete or overwrite.
    pub destructive: bool,
    /// Running it twice is the same as once.
    pub idempotent: bool,
    /// Reaches outside this machine.
    pub open_world: bool,
}
