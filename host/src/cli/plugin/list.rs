use clap::Args;
use sparkq_core::wire::Plugin;

use crate::cli::door::Door;
use crate::cli::ui::{Problem, Ui};

/// List the plugins of the project, and why one is not loaded
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin list")]
pub(in crate::cli) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "every verb is run on its arguments")]
    pub(in crate::cli) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let plugins = door.plugins()?;
        if ui.wants_json() {
            return ui.json(&plugins);
        }
        let row = |plugin: Plugin| {
            let from = match plugin.path {
                Some(path) => path,
                None => "SparkQ".to_owned(),
            };
            let why = [plugin.why, plugin.hint.map(|hint| format!("Hint: {hint}"))];
            vec![
                plugin.name,
                plugin.version.unwrap_or_default(),
                plugin.state.as_str().to_owned(),
                from,
                plugin.tools.join(", "),
                plugin.grants.join(", "),
                why.into_iter().flatten().collect::<Vec<_>>().join(". "),
            ]
        };
        ui.table(
            &[
                "plugin", "version", "state", "from", "tools", "grants", "why",
            ],
            plugins.items.into_iter().map(row).collect(),
        )
    }
}
