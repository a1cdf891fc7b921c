//! How the page holds when there is much: what the API takes for the first page of a list, and what a browser feels.

mod shown;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::bench::{Server, TestQueue};
use crate::machine::find;
use crate::table::{Durability, Row, millis, quantile};
use crate::wire::Http;
use crate::{Effort, skipped};

/// How many tasks there are, and how many of them have ended.
const TASKS: usize = 100_000;
const ENDED: usize = 70_000;

/// How often each list is asked for.
const ASKED: usize = 200;

/// What the page asks for first, by what it is filtered by.
const LISTS: [(&str, &str); 9] = [
    ("all", ""),
    ("queued", "&status=queued"),
    ("succeeded", "&status=succeeded"),
    ("failed", "&status=failed"),
    ("of one tool of two", "&tool=run-bash-fast"),
    ("of a tool that has none", "&tool=run-python"),
    ("of one stream", "&stream=docs"),
    ("with a word that one task has", "&q=99998"),
    ("with a word that all tasks have", "&q=number"),
];

/// How many lines a long output has.
const LINES: usize = 60_000;

pub(crate) async fn measure(_: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    queue.fill(TASKS, ENDED);
    let long = with_long_output(&queue);
    let server = Server::start(&queue);
    let mut rows = lists(&server).await?;
    if find("chromedriver").is_some() {
        rows.extend(shown::measure(&queue, &server, &long).await?);
    } else {
        skipped("there is no chromedriver, so what a browser feels is left out");
    }
    Ok(rows)
}

/// Completes a task with five megabytes of output, and gives its id.
fn with_long_output(queue: &TestQueue) -> String {
    let mut text = String::new();
    for number in 1..LINES {
        let _ = writeln!(
            text,
            "\x1b[32mok\x1b[0m line {number} \x1b[38;5;208min colour\x1b[0m and some more of it, as tools do"
        );
    }
    text += "here lies the needle\n";
    queue.write("out.txt", &text);
    let claimed = queue.claim("docs");
    let id = claimed["id"].as_str().unwrap_or_default().to_owned();
    queue.ok(["complete", &id, "--summary", "done", "--stdout", "@out.txt"]);
    id
}

async fn lists(server: &Server) -> Result<Vec<Row>> {
    let mut http = Http::connect(&server.address).await?;
    let mut rows = Vec::new();
    for (what, filter) in LISTS {
        let path = format!("/api/tasks?limit=200{filter}");
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let started = Instant::now();
            let status = http.ask("GET", &path, "").await?;
            times.push(started.elapsed());
            ensure!(status == 200, "{path}: {status}");
        }
        let row = |which: &str, time: Duration| {
            Row::new(
                "the first 200 of 100,000 tasks, at the API",
                format!("{what}, {which}"),
                millis(time),
                "ms",
                Durability::None,
            )
        };
        rows.push(row("median", quantile(&mut times, 0.5)));
        rows.push(row("p99", quantile(&mut times, 0.99)).at_most(20.0));
    }
    Ok(rows)
}
