//! What it costs to wait for work that does not come.

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::bench::{Server, TestQueue};
use crate::table::{Durability, Row};

/// How long it is watched.
const WATCHED: Duration = Duration::from_secs(10);

pub(crate) fn measure() -> Result<Vec<Row>> {
    let (with_server, alone) = (TestQueue::new(), TestQueue::new());
    let server = Server::start(&with_server);
    let through = Waiter::start(&with_server)?;
    let without = Waiter::start(&alone)?;
    // What starting costs is not waiting.
    thread::sleep(Duration::from_millis(500));
    until_calm(server.pid())?;
    let watched = [
        ("through a server, the command", through.0.id()),
        ("through a server, the server", server.pid()),
        ("without a server", without.0.id()),
    ];
    let started = Instant::now();
    let before: Vec<_> = watched.iter().map(|(_, pid)| cpu(*pid)).collect();
    thread::sleep(WATCHED);
    let mut rows = Vec::new();
    for ((what, pid), before) in watched.iter().zip(before) {
        let used = cpu(*pid)?.saturating_sub(before?);
        let share = used.as_secs_f64() / started.elapsed().as_secs_f64();
        let row = Row::new(
            "an idle `claim --wait`",
            *what,
            share * 100.0,
            "% of a core",
            Durability::None,
        );
        rows.push(row.at_most(0.5));
    }
    Ok(rows)
}

/// A command that waits for a task.
struct Waiter(Child);

impl Waiter {
    fn start(queue: &TestQueue) -> Result<Self> {
        let mut command = queue.command();
        command.args(["claim", "--stream", "auth", "--wait", "5m"]);
        Ok(Self(command.stdout(Stdio::null()).spawn()?))
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a process has nothing more to do.
pub(crate) fn until_calm(pid: u32) -> Result<()> {
    let started = Instant::now();
    let mut before = cpu(pid)?;
    loop {
        thread::sleep(Duration::from_millis(300));
        let now = cpu(pid)?;
        // A hundredth of a core.
        if now.saturating_sub(before) < Duration::from_millis(3) {
            return Ok(());
        }
        before = now;
        ensure!(
            started.elapsed() < Duration::from_mins(1),
            "process {pid} is busy for more than a minute"
        );
    }
}

/// What a process has had of the processors: the threads that live, to the nanosecond.
fn cpu(pid: u32) -> Result<Duration> {
    let mut nanos = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let word = text.split(' ').next().context("no schedstat")?;
        nanos += word.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}
