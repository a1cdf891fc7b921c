use clap::Args;
use sparkq_core::Script;

use super::door::Door;
use super::ui::{Problem, Ui};

/// List the scripts that the script tools can run, or those in which all given words are found
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq scripts
  sparkq scripts deploy staging")]
pub(super) struct Scripts {
    /// Words to look for in path, name, description and tags
    query: Vec<String>,
}

impl Scripts {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let question = self.query.join(" ");
        let scripts = door.scripts(&question)?;
        for script in &scripts.items {
            for finding in &script.findings {
                ui.status(format_args!(
                    "Warning: {}:{}: {} [{}]",
                    script.path, finding.line, finding.message, finding.code
                ));
            }
        }
        if ui.wants_json() {
            return ui.json(&scripts);
        }
        if scripts.items.is_empty() {
            ui.status(
                "There is no such script. [scripts] dirs in sparkq.toml says where they lie.",
            );
            return Ok(());
        }
        let row = |script: Script| {
            let timeout = script.timeout.map(|timeout| timeout.to_string());
            let class = script.task_class.map(|class| class.to_string());
            vec![
                script.path,
                script.name,
                script.language,
                class.unwrap_or_default(),
                timeout.unwrap_or_default(),
                script.description,
            ]
        };
        ui.table(
            &[
                "path",
                "name",
                "language",
                "class",
                "timeout",
                "description",
            ],
            scripts.items.into_iter().map(row).collect(),
        )
    }
}
