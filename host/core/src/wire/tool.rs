use serde::{Deserialize, Deserializer, Serialize};

use super::object;

use crate::tool::ToolDefinition;

/// One tool of the project, as it is enqueued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tool {
    /// What it takes and how it is carried out, under the name and the limits that the project gives it.
    #[serde(flatten)]
    pub definition: ToolDefinition,
    /// The plugin that checks its payloads, as a task names it: `scripts@0.1.0#0a1b2c3d4e5f`.
    pub plugin: String,
    /// Whether that plugin came with SparkQ; what another one says of its tools is no word of SparkQ's.
    #[serde(default)]
    pub built_in: bool,
    /// The plugin's tool that it is another name for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<String>,
}

/// What a tool has besides its definition.
#[derive(Deserialize)]
struct Around {
    plugin: String,
    #[serde(default)]
    built_in: bool,
    #[serde(default)]
    uses: Option<String>,
}

impl<'de> Deserialize<'de> for Tool {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let (definition, around) = object::flat::<_, _, Around>(reader)?;
        Ok(Self {
            definition,
            plugin: around.plugin,
            built_in: around.built_in,
            uses: around.uses,
        })
    }
}

impl Tool {
    /// The name of its plugin.
    #[must_use]
    pub fn plugin_name(&self) -> &str {
        self.plugin.split('@').next().unwrap_or_default()
    }

    /// The name of its plugin, unless that came with SparkQ.
    #[must_use]
    pub fn other_plugin(&self) -> Option<&str> {
        (!self.built_in).then(|| self.plugin_name())
    }
}
