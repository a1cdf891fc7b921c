//! Removes the tasks of each stream that is done with, while others work on the next.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::file;
use super::ledger::{LANES, Ledger};
use super::line::Line;
use super::worker::stream;

/// Holds every lane that is over to the ledger, and purges all but the last. Gives how many tasks the server says it
/// has removed.
pub(crate) async fn purge(
    mut line: Line,
    ledger: Arc<Ledger>,
    database: PathBuf,
    mut over: mpsc::UnboundedReceiver<usize>,
) -> Result<u64> {
    let mut purged = 0;
    while let Some(lane) = over.recv().await {
        let tasks = ledger.size_of(lane) as u64;
        let path = database.clone();
        spawn_blocking(move || file::audit(&path, &stream(lane), tasks)).await??;
        if lane == LANES - 1 {
            continue;
        }
        let filter = json!({ "stream": stream(lane) });
        let plan = json!({ "filter": filter, "dry_run": true });
        let planned = asked(&mut line, &format!("plan-{lane}"), &plan).await?;
        ensure!(
            planned == tasks,
            "of the {tasks} tasks of {} a purge would remove {planned}",
            stream(lane)
        );
        let real = json!({ "filter": filter, "count": planned });
        let removed = asked(&mut line, &format!("purge-{lane}"), &real).await?;
        ensure!(
            removed == tasks,
            "of the {tasks} tasks of {} a purge removed {removed}",
            stream(lane)
        );
        purged += removed;
    }
    Ok(purged)
}

async fn asked(line: &mut Line, key: &str, purge: &Value) -> Result<u64> {
    let http = line
        .ask("/api/tasks/purge", key, &purge.to_string(), 200)
        .await?;
    let answer: Value = serde_json::from_slice(&http.body)?;
    answer["tasks"].as_u64().context("a number of tasks")
}
