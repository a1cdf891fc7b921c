use clap::Args;
use sparkq_core::wire::{Overview, PluginFaults, ServerInfo, WatcherInfo};

use super::door::Door;
use super::ui::{Problem, Ui, one_line};

/// Show the queue in a few numbers, and what runs
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq status")]
pub(super) struct Status {}

/// Shows it, as `GET /api/status` answers it under `--json`.
pub(super) fn show(door: &Door, ui: &Ui) -> Result<(), Problem> {
    let overview = door.overview()?;
    if ui.wants_json() {
        return ui.json(&overview);
    }
    for line in lines(&overview) {
        ui.line(line)?;
    }
    for warning in &overview.warnings {
        ui.status(format_args!("Warning: {warning}"));
    }
    Ok(())
}

fn lines(overview: &Overview) -> Vec<String> {
    let tasks = overview.tasks;
    let stale = if overview.stale == 0 {
        String::new()
    } else {
        format!(" ({} stale)", overview.stale)
    };
    let mut lines = vec![
        format!("project: {}", one_line(&overview.project)),
        format!("server: {}", server(overview.server.as_ref())),
        format!(
            "tasks: {} queued, {} running{stale}, {} succeeded, {} failed",
            tasks.queued, tasks.running, tasks.succeeded, tasks.failed
        ),
        format!("sessions: {} active", overview.active_sessions),
        format!("streams: {} active", overview.active_streams),
    ];
    if overview.watchers.is_empty() {
        lines.push("watchers: none".to_owned());
    } else {
        lines.push("watchers:".to_owned());
        lines.extend(overview.watchers.iter().map(watcher));
    }
    if !overview.quarantined.is_empty() {
        lines.push("plugins left alone:".to_owned());
        lines.extend(overview.quarantined.iter().map(left_alone));
    }
    lines
}

fn left_alone(faults: &PluginFaults) -> String {
    let until = faults.until.unwrap_or(faults.at);
    format!(
        "  {}: failed {} times in a row, until {until}; sparkq plugin logs {}",
        faults.plugin, faults.in_row, faults.plugin
    )
}

fn server(server: Option<&ServerInfo>) -> String {
    let Some(server) = server else {
        return "not running".to_owned();
    };
    let pid = server
        .pid
        .map_or_else(String::new, |pid| format!(" (process {pid})"));
    match &server.address {
        Some(address) => format!("{address}{pid}"),
        None => format!("starting or ending{pid}"),
    }
}

fn watcher(watcher: &WatcherInfo) -> String {
    let place = if watcher.in_server {
        "in the server"
    } else {
        "alone"
    };
    format!(
        "  {}: {place}, process {}, since {}",
        watcher.stream, watcher.pid, watcher.since
    )
}
