//! How fast it is: one table, from one run on one machine. `cargo xtask bench` builds and starts it.
//!
//! Started by hand with `--load ADDRESS CONNECTIONS SECONDS` it only keeps a running server busy, for a profiler to watch.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table is what it is for"
)]

mod batch;
#[path = "../bench/mod.rs"]
mod bench;
mod commands;
mod cycles;
mod direct;
mod history;
mod machine;
mod memory;
mod nothing;
mod rivals;
mod soak;
mod store;
mod table;
mod wake;
mod wire;

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::machine::{Machine, find};
use crate::table::{Row, Table};

/// How long it may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// How long one rate is measured.
    pub(crate) time: Duration,
    /// How often.
    pub(crate) rounds: usize,
    /// How many processes are started for one figure.
    pub(crate) processes: usize,
    /// How many finished tasks are many.
    pub(crate) finished: usize,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    if let [flag, port] = args.as_slice()
        && flag == "--serve-nothing"
    {
        return nothing::serve(port.parse().context("a port")?);
    }
    if let [flag, address, connections, seconds] = args.as_slice()
        && flag == "--load"
    {
        let time = Duration::from_secs(seconds.parse().context("seconds")?);
        let rate = cycles::load(address, connections.parse().context("connections")?, time);
        println!("{:.0} cycles/s", on_one_thread(rate)?);
        return Ok(());
    }
    let json = args.iter().any(|arg| arg == "--json");
    let args: Vec<&str> = args
        .iter()
        .map(String::as_str)
        .filter(|arg| *arg != "--json")
        .collect();
    match args.as_slice() {
        [] => measure_all(json),
        ["--soak"] => soak::run(1_000_000, json),
        ["--soak", tasks] => soak::run(tasks.parse().context("how many tasks")?, json),
        _ => bail!("it takes `--soak`, a number of tasks with it, and `--json`"),
    }
}

fn measure_all(json: bool) -> Result<()> {
    let effort = Effort {
        time: Duration::from_secs(2),
        rounds: 3,
        processes: 60,
        finished: 1_000_000,
    };
    let machine = Machine::look()?;
    if !machine.has_real_disk() {
        skipped("TMPDIR is kept in memory, where a sync costs nothing: no figure is worth much");
    }
    let table = Table {
        machine,
        programs: programs(),
        rows: measure(effort)?,
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&table)?);
    } else {
        print!("{}", table.text());
    }
    Ok(())
}

/// Everything, one after the other: what is measured has the machine for itself.
fn measure(effort: Effort) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut add = |what: &str, measured: Result<Vec<Row>>| {
        progress(what);
        rows.extend(measured.with_context(|| format!("measuring {what}"))?);
        anyhow::Ok(())
    };
    add("full cycles", on_one_thread(cycles::measure(effort)))?;
    add("batches", on_one_thread(batch::measure(effort)))?;
    add("a claim after many", history::measure(effort))?;
    add("wake-up", on_one_thread(wake::through_the_server(effort)))?;
    add("wake-up across processes", wake::across_processes(effort))?;
    add(
        "claims beside a server",
        on_one_thread(direct::measure(effort)),
    )?;
    add("commands", commands::measure(effort))?;
    add("memory", on_one_thread(memory::measure(effort)))?;
    Ok(rows)
}

/// What is measured, by name and version.
fn programs() -> Vec<String> {
    let sparkq = format!("sparkq {}", env!("CARGO_PKG_VERSION"));
    let beanstalkd = find("beanstalkd").and_then(|program| {
        let output = Command::new(program).arg("-v").output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    });
    std::iter::once(sparkq).chain(beanstalkd).collect()
}

/// Runs a measurement. One thread is enough to drive it, and leaves the rest of the machine to what is measured.
fn on_one_thread<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)
}

/// Says how far it has come.
pub(crate) fn progress(what: &str) {
    eprintln!("measured: {what}");
}

/// Says what could not be measured.
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
