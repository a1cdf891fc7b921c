//! What SparkQ is measured beside: the same work over the same loopback, on the same disk.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::machine::{find, free_port};

/// A program that ends with the measurement.
pub(crate) struct Rival {
    process: Child,
    /// `host:port`.
    pub(crate) address: String,
    _folder: TempDir,
}

impl Drop for Rival {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// beanstalkd, when it is installed: in memory, or with a log that is synced for each write.
pub(crate) fn beanstalkd(synced: bool) -> Result<Option<Rival>> {
    let Some(program) = find("beanstalkd") else {
        return Ok(None);
    };
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    fs::create_dir(&log)?;
    let port = free_port()?;
    let mut command = Command::new(program);
    command.args(["-l", "127.0.0.1", "-p", &port.to_string()]);
    if synced {
        command.arg("-b").arg(&log).args(["-f", "0"]);
    }
    start(command, port, folder).map(Some)
}

/// An axum server that reads a request and answers `{}`: as much as this stack can do for anybody.
pub(crate) fn nothing() -> Result<Rival> {
    let port = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--serve-nothing", &port.to_string()]);
    start(command, port, tempfile::tempdir()?)
}

fn start(mut command: Command, port: u16, folder: TempDir) -> Result<Rival> {
    let process = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let rival = Rival {
        process,
        address: format!("127.0.0.1:{port}"),
        _folder: folder,
    };
    let started = Instant::now();
    while std::net::TcpStream::connect(&rival.address).is_err() {
        if started.elapsed() > Duration::from_secs(10) {
            bail!("{} does not listen", command.get_program().display());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(rival)
}
