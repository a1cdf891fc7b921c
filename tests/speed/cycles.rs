//! Enqueue, claim and complete, over and over: what a queue is for.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::rivals::{self, Rival};
use crate::table::{Durability, Row, median};
use crate::wire::{Http, Lines};

const GROUP: &str = "full cycles: enqueue, claim, complete";
const UNIT: &str = "cycles/s";

/// What a worker says of a task it has done.
pub(crate) const DONE: &str =
    r#"{"result":{"summary":"12 files, 3 warnings, nothing left to do"}}"#;

/// A task that its plugin checks, and finds in the script index.
pub(crate) fn new_task(stream: &str) -> String {
    format!(
        r#"{{"tool_name":"run-bash","payload":{{"script_path":"scripts/a.sh"}},"stream_id":"{stream}"}}"#
    )
}

/// Somebody who does a cycle.
enum Worker {
    Sparkq(Http),
    Enqueuer(Http),
    Nothing(Http),
    Beanstalkd(Lines),
}

impl Worker {
    async fn cycle(&mut self, task: &str) -> Result<()> {
        match self {
            Self::Sparkq(http) => cycle(http, task).await.map(|_| ()),
            Self::Enqueuer(http) => enqueue(http, task).await,
            Self::Nothing(http) => {
                for (path, body) in [
                    ("/api/tasks", task),
                    ("/api/streams/auth/claim", ""),
                    ("/api/tasks/tsk_aaaaaaaa/complete", DONE),
                ] {
                    ensure!(http.ask("POST", path, body).await? == 200, "no answer");
                }
                Ok(())
            }
            Self::Beanstalkd(lines) => beanstalkd_cycle(lines, task).await,
        }
    }
}

/// One task through the queue, whoever's it is; gives its id.
pub(crate) async fn cycle(http: &mut Http, task: &str) -> Result<String> {
    enqueue(http, task).await?;
    let id = claim(http, "auth")
        .await?
        .context("what was queued is there")?;
    complete(http, &id).await?;
    Ok(id)
}

async fn enqueue(http: &mut Http, task: &str) -> Result<()> {
    let status = http.ask("POST", "/api/tasks", task).await?;
    ensure!(
        status == 201,
        "enqueue: {status} {}",
        String::from_utf8_lossy(&http.body)
    );
    Ok(())
}

/// Claims a task of a stream, if there is one; gives its id.
pub(crate) async fn claim(http: &mut Http, stream: &str) -> Result<Option<String>> {
    match http
        .ask("POST", &format!("/api/streams/{stream}/claim?worker=w"), "")
        .await?
    {
        200 => Ok(Some(http.member("id")?.to_owned())),
        204 => Ok(None),
        status => anyhow::bail!("claim: {status} {}", String::from_utf8_lossy(&http.body)),
    }
}

/// Completes a running task.
pub(crate) async fn complete(http: &mut Http, id: &str) -> Result<()> {
    let status = http
        .ask("POST", &format!("/api/tasks/{id}/complete"), DONE)
        .await?;
    ensure!(
        status == 200,
        "complete: {status} {}",
        String::from_utf8_lossy(&http.body)
    );
    Ok(())
}

async fn beanstalkd_cycle(lines: &mut Lines, task: &str) -> Result<()> {
    let put = format!("put 0 0 60 {}\r\n{task}\r\n", task.len());
    let answer = lines.ask(&put).await?;
    ensure!(answer.starts_with("INSERTED"), "put: {answer}");
    let answer = lines.ask("reserve\r\n").await?;
    let mut words = answer.split(' ');
    ensure!(words.next() == Some("RESERVED"), "reserve: {answer}");
    let id = words.next().context("an id")?.to_owned();
    let length: usize = words.next().context("a length")?.parse()?;
    lines.skip(length + 2).await?;
    let answer = lines.ask(&format!("delete {id}\r\n")).await?;
    ensure!(answer == "DELETED", "delete: {answer}");
    Ok(())
}

/// Whom the work is given to.
enum Target {
    Sparkq(Server),
    Nothing(Rival),
    Beanstalkd(Rival),
    Running(String),
    Enqueues(String),
}

/// Gives a running server, with the stream `auth` and the script `scripts/a.sh`, cycles to do; tells how many a second.
pub(crate) async fn load(address: &str, connections: usize, time: Duration) -> Result<f64> {
    Target::Running(address.to_owned())
        .rate(connections, time)
        .await
}

/// Gives a server tasks for the stream `auth`, and leaves them there; tells how many a second.
pub(crate) async fn enqueues(address: &str, connections: usize, time: Duration) -> Result<f64> {
    Target::Enqueues(address.to_owned())
        .rate(connections, time)
        .await
}

impl Target {
    async fn worker(&self) -> Result<Worker> {
        Ok(match self {
            Self::Sparkq(server) => Worker::Sparkq(Http::connect(&server.address).await?),
            Self::Running(address) => Worker::Sparkq(Http::connect(address).await?),
            Self::Enqueues(address) => Worker::Enqueuer(Http::connect(address).await?),
            Self::Nothing(rival) => Worker::Nothing(Http::connect(&rival.address).await?),
            Self::Beanstalkd(rival) => Worker::Beanstalkd(Lines::connect(&rival.address).await?),
        })
    }

    /// How many cycles a second `connections` do, for as long as `time`.
    async fn rate(&self, connections: usize, time: Duration) -> Result<f64> {
        let mut workers = Vec::new();
        for _ in 0..connections {
            workers.push(self.worker().await?);
        }
        let started = Instant::now();
        let mut running = JoinSet::new();
        for mut worker in workers {
            running.spawn(async move {
                let task = new_task("auth");
                let mut cycles = 0_u32;
                while started.elapsed() < time {
                    worker.cycle(&task).await?;
                    cycles += 1;
                }
                anyhow::Ok(cycles)
            });
        }
        let mut cycles = 0;
        while let Some(done) = running.join_next().await {
            cycles += done??;
        }
        Ok(f64::from(cycles) / started.elapsed().as_secs_f64())
    }
}

/// Measures everybody in turn, several rounds of it, so that a slow moment of the machine is nobody's alone.
pub(crate) async fn measure(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let mut everybody = vec![
        (
            "SparkQ",
            Durability::Synced,
            Target::Sparkq(Server::start(&queue)),
        ),
        (
            "an axum server that does nothing",
            Durability::None,
            Target::Nothing(rivals::nothing()?),
        ),
    ];
    for (name, synced, durability) in [
        (
            "beanstalkd, log synced for each write",
            true,
            Durability::Synced,
        ),
        ("beanstalkd, in memory", false, Durability::Memory),
    ] {
        match rivals::beanstalkd(synced)? {
            Some(rival) => everybody.push((name, durability, Target::Beanstalkd(rival))),
            None => {
                crate::skipped("beanstalkd is not installed; without it two ratios are missing");
            }
        }
    }
    let mut rows = Vec::new();
    for connections in [1, 8, 32] {
        let mut rates = vec![Vec::new(); everybody.len()];
        for _ in 0..effort.rounds {
            for ((_, _, target), rates) in everybody.iter().zip(&mut rates) {
                target.rate(connections, effort.time / 4).await?;
                rates.push(target.rate(connections, effort.time).await?);
            }
        }
        let medians: Vec<_> = rates.iter_mut().map(|rates| median(rates)).collect();
        for ((name, durability, _), rate) in everybody.iter().zip(&medians) {
            let what = format!(
                "{name}, {connections} connection{}",
                if connections == 1 { "" } else { "s" }
            );
            rows.push(Row::new(GROUP, what, *rate, UNIT, *durability));
        }
        if connections == 32 {
            let goals = [None, Some(0.6), Some(4.0), Some(0.5)];
            for ((name, durability, _), (rate, goal)) in
                everybody.iter().zip(medians.iter().zip(goals)).skip(1)
            {
                let row = Row::new(
                    GROUP,
                    format!("SparkQ to {name}"),
                    medians[0] / rate,
                    "×",
                    *durability,
                );
                rows.push(goal.map_or(row.clone(), |goal| row.at_least(goal)));
            }
        }
    }
    Ok(rows)
}
