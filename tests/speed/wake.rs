//! How soon a worker that waits has the task that somebody queues.

use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::cycles::{complete, new_task};
use crate::table::{Durability, Row, millis, quantile};
use crate::wire::Http;

const GROUP: &str = "from an enqueue to a worker that waits";

pub(crate) async fn through_the_server(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut worker = Http::connect(&server.address).await?;
    let mut other = Http::connect(&server.address).await?;
    let mut times = Vec::new();
    for _ in 0..effort.processes * 4 {
        worker
            .send(
                "POST",
                "/api/streams/auth/claim?worker=w&wait=1m",
                "application/json",
                "",
            )
            .await?;
        // Nothing tells that it waits by now. A request that still is on its way would be answered sooner, not later.
        tokio::time::sleep(Duration::from_millis(3)).await;
        let started = Instant::now();
        let status = other.ask("POST", "/api/tasks", &new_task("auth")).await?;
        ensure!(status == 201, "enqueue: {status}");
        let status = worker.receive().await?;
        times.push(started.elapsed());
        ensure!(status == 200, "claim: {status}");
        let id = worker.member("id")?.to_owned();
        complete(&mut worker, &id).await?;
    }
    Ok(rows(
        "through the server, from request to claimed answer",
        &mut times,
        5.0,
    ))
}

/// Without a server: a command that waits, and another that enqueues.
pub(crate) fn across_processes(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let mut times = Vec::new();
    for _ in 0..effort.processes {
        let mut worker = queue
            .command()
            .args(["claim", "--stream", "auth", "--wait", "1m"])
            .stdout(Stdio::piped())
            .spawn()?;
        // Nothing tells that it waits by now. One that has not looked yet would find the task sooner, not later.
        std::thread::sleep(Duration::from_millis(60));
        queue.enqueue("auth", "scripts/a.sh");
        let started = Instant::now();
        let mut out = String::new();
        worker
            .stdout
            .take()
            .context("piped")?
            .read_to_string(&mut out)?;
        times.push(started.elapsed());
        ensure!(worker.wait()?.success(), "the claim failed");
        let task: serde_json::Value = serde_json::from_str(&out)?;
        queue.ok([
            "complete",
            task["id"].as_str().unwrap_or_default(),
            "--summary",
            "done",
        ]);
    }
    Ok(rows(
        "across processes, from one's end to the other's",
        &mut times,
        100.0,
    ))
}

fn rows(what: &str, times: &mut [Duration], goal: f64) -> Vec<Row> {
    let row = |name: &str, value| {
        Row::new(
            GROUP,
            format!("{what}, {name}"),
            millis(value),
            "ms",
            Durability::Synced,
        )
    };
    let median = row("median", quantile(times, 0.5));
    vec![median, row("p99", quantile(times, 0.99)).at_most(goal)]
}
