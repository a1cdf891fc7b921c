//! What SparkQ is measured beside: the same work over the same loopback, on the same disk.

use std::fs;
use std::path::{Path, PathBuf};
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

/// A server that writes tasks into a store like SparkQ's and asks no plugin about them.
pub(crate) fn unchecked() -> Result<Rival> {
    let (port, folder) = (free_port()?, tempfile::tempdir()?);
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["--serve-unchecked", &port.to_string()])
        .arg(folder.path());
    start(command, port, folder)
}

/// pueue's daemon, with all that is its own in a folder.
pub(crate) struct Pueue {
    process: Child,
    client: PathBuf,
    folder: TempDir,
}

impl Drop for Pueue {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Pueue {
    /// The command that asks the daemon.
    pub(crate) fn command(&self) -> Command {
        at_home(&self.client, self.folder.path())
    }
}

/// pueue's daemon, when it is installed.
pub(crate) fn pueue() -> Result<Option<Pueue>> {
    let (Some(client), Some(daemon)) = (find("pueue"), find("pueued")) else {
        return Ok(None);
    };
    let folder = tempfile::tempdir()?;
    let process = at_home(&daemon, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let pueue = Pueue {
        process,
        client,
        folder,
    };
    until("pueued", || {
        let status = pueue.command().arg("status").stderr(Stdio::null()).output();
        status.is_ok_and(|output| output.status.success())
    })?;
    Ok(Some(pueue))
}

/// A program that finds nothing but what is in `home`.
fn at_home(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .current_dir(home)
        .stdin(Stdio::null());
    command
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
    until(&command.get_program().to_string_lossy(), || {
        std::net::TcpStream::connect(&rival.address).is_ok()
    })?;
    Ok(rival)
}

fn until(program: &str, listens: impl Fn() -> bool) -> Result<()> {
    let started = Instant::now();
    while !listens() {
        if started.elapsed() > Duration::from_secs(10) {
            bail!("{program} does not listen");
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
