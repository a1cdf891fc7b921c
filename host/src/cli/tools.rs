use clap::Args;
use sparkq_core::wire::Tool;

use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// List the tools, or show what one of them takes and how it is carried out
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sparkq tools
  sparkq tools run-bash")]
pub(super) struct Tools {
    /// The tool
    #[arg(add = candidates::tools())]
    name: Option<String>,
}

impl Tools {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        if let Some(name) = self.name {
            let tool = door.tool(&name)?;
            return if ui.wants_json() {
                ui.json(&tool)
            } else {
                show(&tool, ui)
            };
        }
        let tools = door.tools()?;
        if ui.wants_json() {
            return ui.json(&tools);
        }
        let row = |tool: Tool| {
            let definition = tool.definition;
            let timeout = definition.timeout.map(|timeout| timeout.to_string());
            vec![
                definition.name,
                definition.task_class.into(),
                timeout.unwrap_or_default(),
                definition.title,
            ]
        };
        ui.table(
            &["tool", "class", "timeout", "does"],
            tools.items.into_iter().map(row).collect(),
        )
    }
}

fn show(tool: &Tool, ui: &Ui) -> Result<(), Problem> {
    let definition = &tool.definition;
    let timeout = definition.timeout.map(|timeout| timeout.to_string());
    ui.facts(&[
        ("tool", definition.name.clone()),
        ("does", definition.title.clone()),
        ("class", definition.task_class.to_string()),
        ("timeout", timeout.unwrap_or_default()),
        ("plugin", tool.plugin.clone()),
        ("uses", tool.uses.clone().unwrap_or_default()),
    ])?;
    let from = tool
        .other_plugin()
        .map(|plugin| format!(" (from plugin {plugin}, not from SparkQ)"));
    let heading = format!("Description{}", from.unwrap_or_default());
    ui.block(&heading, &definition.description)?;
    let payload = |payload: &sparkq_core::wire::Document| payload.value().to_string();
    let examples = definition
        .examples
        .iter()
        .map(|example| format!("{}:\n  {}", example.title, payload(&example.payload)));
    ui.block("Payloads", &examples.collect::<Vec<_>>().join("\n"))?;
    let schema = definition.payload_schema.value();
    let schema = serde_json::to_string_pretty(&schema).unwrap_or_default();
    ui.block("Schema of the payload", &schema)?;
    ui.block("Guide for workers", &definition.guide)
}
