//! A million tasks through one server that is killed again and again: nothing lost, nothing doubled, nothing that grows.
//!
//! Workers send every request under a key of its own, and what a killed server did not answer once more to the next.

mod file;
mod ledger;
mod line;
mod purger;
mod sample;
mod verdict;
mod worker;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinSet, spawn_blocking};

use self::file::Left;
use self::ledger::{LANES, Ledger};
use self::line::{Line, Place};
use self::sample::Sample;
use crate::bench::{Server, TestQueue};
use crate::machine::Machine;
use crate::table::{Durability, Row, Table, millis};

const WORKERS: usize = 32;
const KILLS: usize = 5;

/// The fewest tasks that say anything.
const LEAST: usize = 1_000;

/// All that came of it.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    table: Table,
    samples: Vec<Sample>,
    /// What is lost, doubled or wrong with the file.
    faults: Vec<String>,
}

/// Runs the soak and prints what came of it; an error when anything is not as it should be.
pub(crate) fn run(tasks: usize, json: bool) -> Result<()> {
    ensure!(
        tasks >= LEAST,
        "a soak takes at least {LEAST} tasks, not {tasks}"
    );
    let machine = Machine::look()?;
    let report = crate::on_one_thread(soak(tasks, machine))?;
    report.print(json)?;
    let grown = report.table.rows.iter().filter(|row| !row.is_met());
    let grown = grown.map(|row| format!("{}, {}: not what it should be", row.group, row.what));
    let wrong: Vec<_> = report.faults.iter().cloned().chain(grown).collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n  "));
    Ok(())
}

impl Report {
    fn print(&self, json: bool) -> Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        print!("{}{}", self.table.text(), sample::text(&self.samples));
        Ok(())
    }
}

/// What happens once so many tasks are completed.
enum Moment {
    /// Everything is measured, at so many per cent.
    Sample(u8),
    /// The server is killed, and the next one started.
    Kill,
}

/// A sample at each tenth, and the kills spread evenly between beginning and end.
fn plan(tasks: usize) -> VecDeque<(usize, Moment)> {
    let samples = (10..100)
        .step_by(10)
        .map(|percent| (tasks * usize::from(percent) / 100, Moment::Sample(percent)));
    let kills = (1..=KILLS).map(|kill| (tasks * kill / (KILLS + 1), Moment::Kill));
    let mut plan: Vec<_> = samples.chain(kills).collect();
    plan.sort_by_key(|(at, _)| *at);
    plan.into()
}

/// A run that is under way.
struct Run {
    queue: TestQueue,
    ledger: Arc<Ledger>,
    server: Option<Server>,
    places: watch::Sender<Place>,
    samples: Vec<Sample>,
    /// How long it took each server to come back.
    away: Vec<Duration>,
    started: Instant,
    /// When the last sample was taken, and how many tasks were completed by then.
    last: (Instant, usize),
}

impl Run {
    fn begin(tasks: usize) -> Self {
        let queue = TestQueue::with_no_session();
        queue.ok(["session", "create", "s"]);
        for lane in 0..LANES {
            queue.ok(["stream", "create", &worker::stream(lane), "--session", "s"]);
        }
        let server = Server::start(&queue);
        let (places, _) = watch::channel(Place {
            killed: 0,
            address: server.address.clone(),
        });
        let now = Instant::now();
        Self {
            queue,
            ledger: Arc::new(Ledger::new(tasks)),
            server: Some(server),
            places,
            samples: Vec::new(),
            away: Vec::new(),
            started: now,
            last: (now, 0),
        }
    }

    fn database(&self) -> PathBuf {
        self.queue.path("sparkq.db")
    }

    fn completed(&self) -> usize {
        self.ledger.taken()[2]
    }

    /// Sets everybody to work, and does what the plan says until all of it is done. Gives how many tasks were purged, and
    /// how many requests were asked again.
    async fn finish(&mut self, mut plan: VecDeque<(usize, Moment)>) -> Result<(u64, usize)> {
        let again = Arc::new(AtomicUsize::new(0));
        let line = || Line::new(self.places.subscribe(), Arc::clone(&again));
        let (over, lanes) = mpsc::unbounded_channel();
        let talkative: Arc<str> = worker::talkative().into();
        let mut everybody = JoinSet::new();
        for number in 0..WORKERS {
            let worker = worker::work(
                format!("w{number}"),
                line(),
                Arc::clone(&self.ledger),
                Arc::clone(&talkative),
                over.clone(),
            );
            everybody.spawn(async move { worker.await.map(|()| 0) });
        }
        // So that the purger ends after the last worker.
        drop(over);
        let ledger = Arc::clone(&self.ledger);
        everybody.spawn(purger::purge(line(), ledger, self.database(), lanes));
        let mut purged = 0;
        loop {
            tokio::select! {
                done = everybody.join_next() => match done {
                    Some(done) => purged += done??,
                    None => break,
                },
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
            while let Some((_, moment)) = plan.pop_front_if(|(at, _)| *at <= self.completed()) {
                match moment {
                    Moment::Sample(percent) => self.sample(percent).await?,
                    Moment::Kill => self.kill(),
                }
            }
        }
        self.sample(100).await?;
        Ok((purged, again.load(Ordering::Relaxed)))
    }

    async fn sample(&mut self, percent: u8) -> Result<()> {
        let (now, completed) = (Instant::now(), self.completed());
        let rate = per_second(completed - self.last.1, now - self.last.0);
        self.last = (now, completed);
        let server = self.server.as_ref().map_or(0, Server::pid);
        let database = self.database();
        let sample = spawn_blocking(move || Sample::take(percent, rate, server, &database));
        self.samples.push(sample.await??);
        crate::progress(&format!("{percent} %"));
        Ok(())
    }

    /// Kills the server whatever it does, and starts another one on what it has left.
    fn kill(&mut self) {
        let started = Instant::now();
        drop(self.server.take());
        let server = Server::start(&self.queue);
        self.away.push(started.elapsed());
        self.places.send_modify(|place| {
            place.killed += 1;
            place.address.clone_from(&server.address);
        });
        self.server = Some(server);
    }
}

async fn soak(tasks: usize, machine: Machine) -> Result<Report> {
    let mut run = Run::begin(tasks);
    let (purged, again) = run.finish(plan(tasks)).await?;
    let took = run.started.elapsed();
    if let Some(server) = run.server.take() {
        let ended = server.end("-TERM");
        ensure!(ended.success(), "the last server ended with {ended}");
    }
    let left = file::inspect(&run.database())?;
    let taken = run.ledger.taken();
    let faults = faults(tasks, taken, purged, &left);
    let row = |what: &str, value, unit| {
        Row::new(
            "a soak with 32 workers",
            what,
            value,
            unit,
            Durability::Synced,
        )
    };
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let longest = run.away.iter().max().copied().unwrap_or_default();
    let mut rows = vec![
        row(
            "full cycles, every request with a key",
            per_second(tasks, took),
            "tasks/s",
        ),
        row("server killed", count(run.away.len()), "times"),
        row("the longest that it was away", millis(longest), "ms"),
        row(
            "asked again, because no answer came",
            count(again),
            "requests",
        ),
    ];
    let steps = ["queued once", "claimed once", "completed once"];
    for (step, taken) in steps.into_iter().zip(taken) {
        rows.push(row(step, count(taken), "tasks").at_least(count(tasks)));
    }
    rows.push(row(
        "purged, and told of in the log",
        precise(left.purged),
        "tasks",
    ));
    rows.push(row(
        "left in the database, all succeeded",
        precise(left.tasks),
        "tasks",
    ));
    rows.extend(verdict::growth(&run.samples, count(run.ledger.size_of(0))));
    Ok(Report {
        table: Table {
            machine,
            programs: crate::programs(),
            rows,
        },
        samples: run.samples,
        faults,
    })
}

/// What does not add up.
fn faults(tasks: usize, taken: [usize; 3], purged: u64, left: &Left) -> Vec<String> {
    let mut faults: Vec<_> = left
        .damage
        .iter()
        .map(|what| format!("damaged: {what}"))
        .collect();
    if taken != [tasks; 3] {
        faults.push(format!(
            "of {tasks} tasks were queued, claimed and completed: {taken:?}"
        ));
    }
    if left.unfinished > 0 {
        faults.push(format!(
            "{} tasks are left queued, running or failed",
            left.unfinished
        ));
    }
    if left.purged != purged {
        faults.push(format!(
            "{purged} tasks were purged, and the log tells of {}",
            left.purged
        ));
    }
    if left.purged + left.tasks != tasks as u64 {
        faults.push(format!(
            "{} tasks were purged and {} are left, of {tasks}",
            left.purged, left.tasks
        ));
    }
    faults
}

fn per_second(tasks: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(tasks).unwrap_or(u32::MAX)) / time.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "counts of tasks are small")]
fn precise(count: u64) -> f64 {
    count as f64
}
