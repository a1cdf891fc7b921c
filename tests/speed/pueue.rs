//! Commands beside those of pueue, another queue with a command line and a daemon.

use anyhow::Result;

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::commands::timed;
use crate::rivals;
use crate::table::{Durability, Row, millis, quantile};

const PAYLOAD: &str = r#"{"script_path":"scripts/a.sh"}"#;

pub(crate) fn measure(effort: Effort) -> Result<Vec<Row>> {
    let Some(pueue) = rivals::pueue()? else {
        crate::skipped("pueue is not installed; without it nothing is beside our own commands");
        return Ok(Vec::new());
    };
    // What it is given would be run otherwise, beside what is measured.
    timed(pueue.command().arg("pause"))?;
    let queue = TestQueue::new();
    let _server = Server::start(&queue);
    let enqueue = ["enqueue", "run-bash", PAYLOAD, "--stream", "auth"];
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..effort.processes {
        let [our_status, status, our_enqueue, add] = &mut times;
        our_status.push(timed(queue.command().arg("status"))?.0);
        status.push(timed(pueue.command().arg("status"))?.0);
        our_enqueue.push(timed(queue.command().args(enqueue))?.0);
        add.push(timed(pueue.command().args(["add", "--", "true"]))?.0);
    }
    // pueue writes its state into a file and leaves it to the system when that reaches the disk.
    let names = [
        ("sparkq status", Durability::None),
        ("pueue status", Durability::None),
        ("sparkq enqueue", Durability::Synced),
        ("pueue add", Durability::Memory),
    ];
    let rows = names
        .iter()
        .zip(&mut times)
        .map(|((name, durability), times)| {
            Row::new(
                "a command beside pueue's, each with its server, whole process",
                format!("{name}, median"),
                millis(quantile(times, 0.5)),
                "ms",
                *durability,
            )
        });
    Ok(rows.collect())
}
