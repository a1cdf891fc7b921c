//! A server as a process of its own, which outlives the command and the terminal that started it.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sparkq_core::wire::{ErrorBody, ServerInfo};
use sparkq_core::{Code, Refusal};

use super::folder::RunFolder;
use super::lock::{self, server_now};
use super::watch::Watch;
use crate::config::Project;
use crate::queue::Error;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked for.
const PAUSE: Duration = Duration::from_millis(10);

/// Starts the server of `project` in the background, and returns once it takes requests. Its errors and warnings go
/// to `server.log` among the runtime files.
pub(crate) fn detach(project: &Project, watch: &Watch) -> Result<ServerInfo, ErrorBody> {
    let folder = RunFolder::of(project);
    let path = folder.path().join("server.log");
    let failed =
        |what: &str, error: &io::Error| Error::Internal(format!("{what}: {error}")).to_body();
    let log =
        lock::made(&path, OpenOptions::new().append(true)).map_err(|error| error.to_body())?;
    log.set_len(0)
        .map_err(|error| failed(&format!("{} cannot be written", path.display()), &error))?;
    let mut server = start(project, watch, log)
        .map_err(|error| failed("the server cannot be started", &error))?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        // Where another project's server came first, this one says so itself.
        let held = server_now(&folder).ok().flatten();
        if let Some(held) = held.filter(|held| held.pid == Some(server.id()))
            && held.address.is_some()
        {
            return Ok(ServerInfo {
                pid: held.pid,
                address: held.address,
            });
        }
        if let Ok(Some(status)) = server.try_wait() {
            return Err(why(&path, &format!("the server ended at once ({status})")));
        }
        thread::sleep(PAUSE);
    }
    // What does not come up is not left behind half-started.
    let _ = server.kill();
    let _ = server.wait();
    Err(why(
        &path,
        &format!("the server did not answer within {} s", PATIENCE.as_secs()),
    ))
}

/// Lets go of the terminal, as a process that was started in the background.
pub(crate) fn leave_terminal() {
    // It fails for one that leads a group already; such a one was not started by `detach`.
    let _ = rustix::process::setsid();
}

fn start(project: &Project, watch: &Watch, log: File) -> io::Result<Child> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("--config").arg(&project.file);
    // Errors as JSON, to be shown as this command's own.
    command.args(["--json", "run", "--detached"]);
    match watch {
        Watch::Nothing => command.arg("--no-watch"),
        Watch::Stream(stream) => command.args(["--stream", stream]),
        Watch::Session(session) => command.args(["--session", session]),
    };
    command
        .current_dir(project.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
}

/// What the server itself said before it ended, else `otherwise`.
fn why(log: &Path, otherwise: &str) -> ErrorBody {
    let text = fs::read_to_string(log).unwrap_or_default();
    let said = text
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str(line).ok());
    said.unwrap_or_else(|| {
        Refusal::Project {
            code: Code::ServerUnreachable,
            message: otherwise.to_owned(),
            hint: format!("see what it said: cat {}", log.display()),
        }
        .to_body()
    })
}
