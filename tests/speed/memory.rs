//! How much memory the server takes.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::cycles::load;
use crate::table::{Durability, Row};

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    // A few, so that every plugin that has something to do is loaded.
    load(&server.address, 1, Duration::from_millis(200)).await?;
    let idle = resident(server.pid())?;
    load(&server.address, 32, effort.time * 2).await?;
    let loaded = resident(server.pid())?;
    let row = |what: &str, value| {
        Row::new(
            "memory of the server, resident",
            what,
            value,
            "MiB",
            Durability::None,
        )
    };
    Ok(vec![
        row("idle, all built-in plugins there", idle).at_most(60.0),
        row("after a load of 32 connections", loaded),
    ])
}

/// What a process has in memory, in MiB.
pub(crate) fn resident(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .context("no VmRSS")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}
