//! How fast it is: one table, from one run on one machine. `cargo xtask bench` builds and starts it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table is what it is for"
)]

#[path = "../bench/mod.rs"]
mod bench;
mod cycles;
mod machine;
mod nothing;
mod rivals;
mod store;
mod table;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::machine::Machine;
use crate::table::Table;

/// How long it may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// How long one rate is measured.
    pub(crate) time: Duration,
    /// How often.
    pub(crate) rounds: usize,
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
    if let [flag, tasks] = args.as_slice()
        && flag == "--store"
    {
        let folder = tempfile::tempdir()?;
        let mut store = store::open(&folder.path().join("q.db"))?;
        let tasks: usize = tasks.parse().context("a number")?;
        for _ in 0..4 {
            let spent = store::cycles(&mut store, tasks)?;
            println!(
                "{:?} each of {tasks}: {:?}",
                (spent.enqueue + spent.claim + spent.complete) / tasks as u32,
                spent
            );
        }
        return Ok(());
    }
    let effort = Effort {
        time: Duration::from_secs(2),
        rounds: 3,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let table = Table {
        machine: Machine::look()?,
        programs: vec![],
        rows: on_one_thread(cycles::measure(effort))?,
    };
    println!("{}", table.text());
    Ok(())
}

/// Runs a measurement. One thread is enough to drive it, and leaves the rest of the machine to what is measured.
fn on_one_thread<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)
}

/// Says what could not be measured.
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
