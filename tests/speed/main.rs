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
#[path = "../ui/browser.rs"]
#[expect(dead_code, reason = "the tests of the page use all of it")]
mod browser;
mod commands;
mod cycles;
mod direct;
mod history;
mod idle;
mod machine;
mod memory;
mod nothing;
mod page;
#[path = "../runtime/bench.rs"]
#[expect(dead_code, reason = "the tests of the runtime use all of it")]
mod plugin_bench;
mod plugins;
mod pueue;
mod rivals;
mod soak;
mod store;
mod table;
mod unchecked;
mod wake;
#[path = "../ui/weight.rs"]
#[expect(dead_code, reason = "the tests of the page use all of it")]
mod weight;
mod wire;

use std::path::Path;
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
    if let [flag, port, folder] = args.as_slice()
        && flag == "--serve-unchecked"
    {
        return unchecked::serve(port.parse().context("a port")?, Path::new(folder));
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
        [] => measure_all(json, None),
        ["--only", what] => measure_all(json, Some(what)),
        ["--soak"] => soak::run(1_000_000, json),
        ["--soak", tasks] => soak::run(tasks.parse().context("how many tasks")?, json),
        _ => bail!("it takes `--only WHAT` or `--soak [TASKS]`, and `--json`"),
    }
}

fn measure_all(json: bool, only: Option<&str>) -> Result<()> {
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
        rows: measure(effort, only)?,
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&table)?);
    } else {
        print!("{}", table.text());
    }
    Ok(())
}

/// How something is measured.
type Measure = fn(Effort) -> Result<Vec<Row>>;

/// All there is to measure, by name.
const EVERYTHING: [(&str, Measure); 13] = [
    ("cycles", |effort| on_one_thread(cycles::measure(effort))),
    ("batches", |effort| on_one_thread(batch::measure(effort))),
    ("checks", |effort| on_one_thread(unchecked::measure(effort))),
    ("plugins", plugins::measure),
    ("history", history::measure),
    ("wake-up", |effort| {
        on_one_thread(wake::through_the_server(effort))
    }),
    ("wake-up-across-processes", wake::across_processes),
    ("direct", |effort| on_one_thread(direct::measure(effort))),
    ("commands", commands::measure),
    ("pueue", pueue::measure),
    ("idle", |_| idle::measure()),
    ("memory", |effort| on_one_thread(memory::measure(effort))),
    ("page", |effort| on_one_thread(page::measure(effort))),
];

/// Everything, or the one thing that is asked for, one after the other: what is measured has the machine for itself.
fn measure(effort: Effort, only: Option<&str>) -> Result<Vec<Row>> {
    let names = EVERYTHING.map(|(what, _)| what);
    if let Some(only) = only
        && !names.contains(&only)
    {
        bail!("nothing is called {only}, only {}", names.join(", "));
    }
    let mut rows = Vec::new();
    for (what, measure) in EVERYTHING {
        if only.is_none_or(|only| only == what) {
            rows.extend(measure(effort).with_context(|| format!("measuring {what}"))?);
            progress(what);
        }
    }
    Ok(rows)
}

/// What is measured, by name and version.
fn programs() -> Vec<String> {
    let sparkq = format!("sparkq {}", env!("CARGO_PKG_VERSION"));
    let version = |(program, flag)| {
        let output = Command::new(find(program)?).arg(flag).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let others = [
        ("beanstalkd", "-v"),
        ("pueue", "--version"),
        ("chromium", "--version"),
    ];
    let others = others.into_iter().filter_map(version);
    std::iter::once(sparkq).chain(others).collect()
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
