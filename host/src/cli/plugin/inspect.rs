use std::path::PathBuf;

use clap::{Args, ValueHint};
use sparkq_core::{Code, Refusal, ToolDefinition};

use crate::cli::ui::{Problem, Ui, visible};
use crate::config::word;
use crate::kit::{self, Finding, Portrait, examine};

/// Show what a component is: its hash, what it imports and exports, and what it says of itself and its tools
///
/// It is asked in the sandbox, and nothing is granted to it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin inspect acme-deploy/acme-deploy.wasm")]
pub(in crate::cli) struct Inspect {
    /// The component, a .wasm file
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

impl Inspect {
    pub(in crate::cli) fn run(self, ui: &Ui) -> Result<(), Problem> {
        let path = self.file.display().to_string();
        let bytes = kit::read("FILE", &self.file)?;
        let compiling = ui.spinner("Compiling and asking it");
        let found = examine(&bytes, kit::name(&self.file), "{}");
        compiling.finish_and_clear();
        let check = format!("sparkq plugin check {}", word(&path));
        let Some(portrait) = Portrait::of(&found) else {
            let mut errors = found.findings.iter().filter(|finding| finding.is_error());
            let why = errors.next().map(|finding| finding.message.as_str());
            return Err(Refusal::Project {
                code: Code::PluginUnfit,
                message: format!("{path} cannot be looked into: {}", why.unwrap_or_default()),
                hint: format!("see what helps: {check}"),
            }
            .into());
        };
        if ui.wants_json() {
            return ui.json(&portrait);
        }
        show(&portrait, ui)?;
        if found.findings.iter().any(Finding::is_error) {
            ui.warn(format_args!(
                "it cannot be added as it is; see why: {check}"
            ));
        }
        Ok(())
    }
}

fn show(portrait: &Portrait<'_>, ui: &Ui) -> Result<(), Problem> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    ui.facts(&[
        ("version", text(portrait.version)),
        ("homepage", text(portrait.homepage)),
        ("license", text(portrait.license)),
        ("size", format!("{} bytes", portrait.size)),
        ("sha256", portrait.sha256.to_owned()),
        ("interfaces", portrait.interfaces.join(", ")),
    ])?;
    let needs = portrait.needs.iter().map(|need| {
        let optional = if need.optional { " (optional)" } else { "" };
        format!("{}{optional}: {}", need.grant, need.why)
    });
    ui.block("Needs", &needs.collect::<Vec<_>>().join("\n"))?;
    ui.block("Imports", &portrait.imports.join("\n"))?;
    ui.block("Exports", &portrait.exports.join("\n"))?;
    for tool in portrait.tools {
        ui.line("")?;
        of_tool(tool, ui)?;
    }
    Ok(())
}

fn of_tool(tool: &ToolDefinition, ui: &Ui) -> Result<(), Problem> {
    let timeout = tool.timeout.map(|timeout| timeout.to_string());
    ui.facts(&[
        ("tool", tool.name.clone()),
        ("does", visible(&tool.title)),
        ("class", tool.task_class.to_string()),
        ("timeout", timeout.unwrap_or_default()),
    ])?;
    ui.line(format_args!(
        "{:<12} {}",
        "schema",
        visible(tool.payload_schema.as_str())
    ))
}
