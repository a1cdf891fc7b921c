//! Commands as whole processes, as agents start them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::table::{Durability, Row, millis, quantile};

/// Each command, and the longest it may take, in milliseconds.
const COMMANDS: [(&str, Option<f64>); 4] = [
    ("peek", Some(5.0)),
    ("enqueue", Some(12.0)),
    ("claim", Some(8.0)),
    ("complete", None),
];

pub(crate) fn measure(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let mut rows = measured(&queue, "a command by itself, whole process", effort, true)?;
    let server = Server::start(&queue);
    rows.extend(measured(
        &queue,
        "a command beside a server, whole process",
        effort,
        false,
    )?);
    drop(server);
    Ok(rows)
}

fn measured(
    queue: &TestQueue,
    group: &'static str,
    effort: Effort,
    goals: bool,
) -> Result<Vec<Row>> {
    // Something to peek at, and what a first time costs.
    queue.enqueue("auth", "scripts/a.sh");
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..effort.processes {
        let [peek, enqueue, claim, complete] = &mut times;
        peek.push(timed(queue.command().args(["peek", "--stream", "auth"]))?.0);
        enqueue.push(
            timed(queue.command().args([
                "enqueue",
                "run-bash",
                r#"{"script_path":"scripts/a.sh"}"#,
                "--stream",
                "auth",
            ]))?
            .0,
        );
        let (took, task) = timed(queue.command().args(["claim", "--stream", "auth"]))?;
        claim.push(took);
        let task: serde_json::Value = serde_json::from_slice(&task)?;
        let id = task["id"].as_str().unwrap_or_default();
        complete.push(timed(queue.command().args(["complete", id, "--summary", "done"]))?.0);
    }
    let rows = COMMANDS
        .iter()
        .zip(&mut times)
        .map(|((name, goal), times)| {
            let durability = if *name == "peek" {
                Durability::None
            } else {
                Durability::Synced
            };
            let row = Row::new(
                group,
                format!("{name}, median"),
                millis(quantile(times, 0.5)),
                "ms",
                durability,
            );
            match goal {
                Some(goal) if goals => row.at_most(*goal),
                _ => row,
            }
        });
    Ok(rows.collect())
}

/// How long a command takes that must succeed, and what it prints.
pub(crate) fn timed(command: &mut Command) -> Result<(Duration, Vec<u8>)> {
    command.stderr(Stdio::inherit());
    let started = Instant::now();
    let output = command.output()?;
    let took = started.elapsed();
    ensure!(output.status.success(), "{command:?}: {}", output.status);
    Ok((took, output.stdout))
}
