//! A command that writes the file itself, beside a server that is kept busy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::cycles::load;
use crate::table::{Durability, Row, millis, quantile};

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Row>> {
    let queue = Arc::new(TestQueue::new());
    queue.ok(["stream", "create", "mine", "--session", "s"]);
    for _ in 0..effort.processes {
        queue.enqueue("mine", "scripts/a.sh");
    }
    let server = Server::start(&queue);
    let claims = tokio::task::spawn_blocking({
        let queue = Arc::clone(&queue);
        move || claims(&queue, effort.processes)
    });
    let (claims, load) = tokio::join!(claims, async {
        // For as long as the claims take, and a little longer.
        while Arc::strong_count(&queue) > 1 {
            load(&server.address, 32, Duration::from_millis(200)).await?;
        }
        anyhow::Ok(())
    });
    load?;
    let mut times = claims??;
    let row = |name: &str, value| {
        Row::new(
            "a `--direct` claim while 32 connections load the server, whole process",
            name,
            millis(value),
            "ms",
            Durability::Synced,
        )
    };
    Ok(vec![
        row("median", quantile(&mut times, 0.5)),
        row("p99", quantile(&mut times, 0.99)).at_most(20.0),
    ])
}

fn claims(queue: &TestQueue, count: usize) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..count {
        let started = Instant::now();
        let output = queue.output(["--direct", "claim", "--stream", "mine"]);
        times.push(started.elapsed());
        ensure!(
            output.status.success() && !output.stdout.is_empty(),
            "no claim: {output:?}"
        );
    }
    Ok(times)
}
