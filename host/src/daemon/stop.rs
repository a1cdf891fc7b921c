//! Ends what runs for a project: asks each process once, and waits until its lock is free.

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use sparkq_core::wire::{ServerInfo, WatcherInfo};
use sparkq_core::{Code, Name, Refusal};

use super::folder::RunFolder;
use super::living::living;
use super::watch::watcher_of;
use crate::queue::Error;

/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often its lock is looked at.
const PAUSE: Duration = Duration::from_millis(10);

/// What ran, and was ended.
#[derive(Debug, Default, serde::Serialize)]
pub(crate) struct Stopped {
    /// The server.
    pub(crate) server: Option<ServerInfo>,
    /// The watchers, those inside the server too.
    pub(crate) watchers: Vec<WatcherInfo>,
}

/// Ends the server and all watchers of the project whose runtime files lie in `folder`.
pub(crate) fn stop_all(folder: &RunFolder) -> Result<Stopped, Error> {
    let before = living(folder)?;
    end(PATIENCE, || {
        // Another project's server that has come since is none of ours.
        let now = living(folder).unwrap_or_default();
        let server = now.server.map(|server| Process {
            what: "the server".to_owned(),
            pid: server.pid,
        });
        let alone = now.watchers.into_iter().filter(|info| !info.in_server);
        server.into_iter().chain(alone.map(Process::from)).collect()
    })?;
    Ok(Stopped {
        server: before.server,
        watchers: before.watchers,
    })
}

/// Ends the watcher of `stream` that is a process of its own. One inside a server is left alone.
pub(crate) fn stop_watcher(folder: &RunFolder, stream: &Name) -> Result<(), Error> {
    end(PATIENCE, || {
        let info = watcher_of(folder, stream);
        let alone = info.filter(|info| !info.in_server);
        alone.into_iter().map(Process::from).collect()
    })
}

/// A process that holds a lock at this moment.
struct Process {
    what: String,
    /// None where it has not said so, or is about to end.
    pid: Option<u32>,
}

impl From<WatcherInfo> for Process {
    fn from(info: WatcherInfo) -> Self {
        Self {
            what: format!("the watcher of `{}`", info.stream),
            pid: Some(info.pid),
        }
    }
}

/// Asks whatever `alive` names to end, each process once, until it names nothing any more, for at most `patience`.
fn end(patience: Duration, alive: impl Fn() -> Vec<Process>) -> Result<(), Error> {
    let started = Instant::now();
    let mut asked = HashSet::new();
    loop {
        // Its lock was held a moment ago, so the process is the one that wrote its number there.
        let processes = alive();
        let Some(first) = processes.first() else {
            return Ok(());
        };
        if started.elapsed() > patience {
            return Err(still_runs(first).into());
        }
        for process in &processes {
            if let Some(pid) = process.pid.filter(|pid| asked.insert(*pid)) {
                ask_to_end(process, pid)?;
            }
        }
        thread::sleep(PAUSE);
    }
}

fn ask_to_end(process: &Process, pid: u32) -> Result<(), Error> {
    let target = i32::try_from(pid).ok().filter(|pid| *pid > 1);
    let Some(target) = target.and_then(Pid::from_raw) else {
        return Err(still_runs(process).into());
    };
    match kill_process(target, Signal::TERM) {
        // One that is gone has let go of its lock.
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(Refusal::Project {
            code: Code::StillRunning,
            message: format!(
                "{}, process {pid}, cannot be asked to end: {error}",
                process.what
            ),
            hint: String::new(),
        }
        .into()),
    }
}

fn still_runs(process: &Process) -> Refusal {
    let (name, hint) = match process.pid {
        Some(pid) => (
            format!(", process {pid},"),
            format!("look at it, and end it by force: kill -KILL {pid}"),
        ),
        None => (String::new(), String::new()),
    };
    Refusal::Project {
        code: Code::StillRunning,
        message: format!(
            "{}{name} was asked to end and has not within {} s",
            process.what,
            PATIENCE.as_secs()
        ),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_process_that_does_not_end_is_named_with_what_helps() {
        let busy = || Process {
            what: "the server".to_owned(),
            pid: None,
        };
        let error = end(Duration::ZERO, || vec![busy()]).expect_err("it holds its lock");
        assert_eq!(
            error.to_string(),
            "the server was asked to end and has not within 10 s"
        );
        let named = Process {
            pid: Some(4711),
            ..busy()
        };
        assert_eq!(
            still_runs(&named).hint().as_deref(),
            Some("look at it, and end it by force: kill -KILL 4711")
        );
    }

    #[test]
    fn what_is_about_to_end_is_waited_for() {
        let looks = Cell::new(3_u32);
        let ended = end(PATIENCE, || {
            looks.set(looks.get() - 1);
            let ending = |_| Process {
                what: "the server".to_owned(),
                pid: None,
            };
            (0..looks.get()).map(ending).collect()
        });
        ended.expect("its lock is free");
        assert_eq!(looks.get(), 0);
    }

    #[test]
    fn no_number_but_that_of_a_process_is_ever_signalled() {
        for pid in [0, 1, u32::MAX] {
            let odd = Process {
                what: "the server".to_owned(),
                pid: Some(pid),
            };
            ask_to_end(&odd, pid).expect_err("no process of ours");
        }
    }
}
