//! Many tasks in one request.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::cycles::new_task;
use crate::table::{Durability, Row, median};
use crate::wire::Http;

/// How many tasks one request brings.
const TASKS: usize = 10_000;

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut http = Http::connect(&server.address).await?;
    let mut body = String::new();
    for _ in 0..TASKS {
        writeln!(body, "{}", new_task("auth"))?;
    }
    let mut rates = Vec::new();
    for _ in 0..effort.rounds {
        let started = Instant::now();
        let status = http.ask_lines("/api/tasks/batch", &body).await?;
        let took = started.elapsed();
        ensure!(
            status == 201,
            "batch: {status} {}",
            String::from_utf8_lossy(&http.body)
        );
        rates.push(10_000.0 / took.as_secs_f64());
    }
    let row = Row::new(
        "many tasks at once",
        "batch of 10,000 over HTTP, each plugin-checked",
        median(&mut rates),
        "tasks/s",
        Durability::Synced,
    );
    Ok(vec![row.at_least(100_000.0)])
}
