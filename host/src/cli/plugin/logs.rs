use clap::Args;
use sparkq_core::limits;

use crate::cli::candidates;
use crate::cli::door::Door;
use crate::cli::tasks::parse_limit;
use crate::cli::ui::{Problem, Ui, one_line};

/// Show what a plugin has logged and how it has failed, oldest first; without a name, of all plugins
///
/// The last 1,000 lines of each plugin are kept. A line is: when, plugin, level, function, task if there was one, message. The level `fault` is
/// SparkQ's own word for what a plugin did wrong.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sparkq plugin logs\n  sparkq plugin logs scripts --limit 20")]
pub(in crate::cli) struct Logs {
    /// The plugin
    #[arg(add = candidates::plugins())]
    name: Option<String>,
    /// How many lines at most, from 1 to 1000: the newest
    #[arg(long, value_name = "N")]
    limit: Option<String>,
}

impl Logs {
    pub(in crate::cli) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        let limit = self.limit.as_deref();
        let limit = limit.map_or(Ok(limits::PAGE_DEFAULT), parse_limit)?;
        let log = door.plugin_log(self.name, limit)?;
        if ui.wants_json() {
            return ui.json(&log);
        }
        for line in &log.items {
            let task = line.task_id.iter().map(|task| format!(" {task}"));
            ui.line(format_args!(
                "{} {} {} {}{} {}",
                line.at,
                line.plugin,
                line.level,
                line.function,
                task.collect::<String>(),
                one_line(&line.message)
            ))?;
        }
        Ok(())
    }
}
