//! Plugins, and what is configured.

use sparkq_core::wire::{Configuration, List, Plugin, PluginLine};

use super::{Asked, escaped, get};

/// Fetches all plugins.
pub(crate) async fn all() -> Asked<List<Plugin>> {
    get("/api/plugins").await
}

/// Fetches what a plugin logged and how it failed: its newest lines, oldest first; those before them with the cursor of
/// an answer.
pub(crate) async fn logs(plugin: String, cursor: Option<String>) -> Asked<List<PluginLine>> {
    let mut address = format!("/api/plugins/{}/logs?limit=100", escaped(&plugin));
    if let Some(cursor) = cursor {
        address.push_str("&cursor=");
        address.push_str(&escaped(&cursor));
    }
    get(&address).await
}

/// Fetches every value that is in force.
pub(crate) async fn configuration() -> Asked<Configuration> {
    get("/api/config").await
}
