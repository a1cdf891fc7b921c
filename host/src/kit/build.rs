//! Building a plugin as its author says: with the `build.sh` of its folder.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use sparkq_core::{Code, Refusal};

use crate::config::word;

/// What builds a plugin.
const SCRIPT: &str = "build.sh";

/// How much of what a build says is shown, in bytes: its end.
const SHOWN: u64 = 64 << 10;

/// How often a build is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// How a build went.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// How it failed; none when it did not.
    pub(crate) failure: Option<String>,
    /// The end of what it printed.
    pub(crate) output: String,
}

/// Builds the plugin in `folder`. Asked to stop meanwhile, it ends the build with all that it has started, and it then has
/// failed. Where nobody is to ask, the build stays with the command that runs it, and is interrupted with it.
pub(crate) fn build(folder: &Path, stop: Option<&dyn Fn() -> bool>) -> Result<Built, Refusal> {
    let script = folder.join(SCRIPT);
    let found = fs::metadata(&script).map_err(|_| no_script(folder))?;
    if found.permissions().mode() & 0o111 == 0 {
        let path = script.display().to_string();
        return Err(refuse(
            format!("{path} cannot be run: it is not executable"),
            format!("chmod +x {}", word(&path)),
        ));
    }
    run(folder, stop).map_err(|error| {
        refuse(
            format!("{} cannot be run: {error}", script.display()),
            "see whether its first line names a shell that is there: #!/bin/sh".to_owned(),
        )
    })
}

fn run(folder: &Path, stop: Option<&dyn Fn() -> bool>) -> io::Result<Built> {
    // One file for both, so that what was said comes in its order.
    let mut said = tempfile::tempfile()?;
    let mut command = Command::new(format!("./{SCRIPT}"));
    if stop.is_some() {
        // One of its own, so that it can be ended whole: `build.sh` starts what does the work.
        command.process_group(0);
    }
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(said.try_clone()?)
        .stderr(said.try_clone()?)
        .spawn()?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if stop.is_some_and(|stop| stop()) {
            // Its first process has not been waited for, so the group is still this one.
            kill_process_group(Pid::from_child(&child), Signal::KILL)?;
        }
        thread::sleep(PAUSE);
    };
    Ok(Built {
        failure: failure(status),
        output: end_of(&mut said)?,
    })
}

fn failure(status: ExitStatus) -> Option<String> {
    (!status.success()).then(|| format!("{SCRIPT} ended with {status}"))
}

fn end_of(said: &mut File) -> io::Result<String> {
    let length = said.metadata()?.len();
    said.seek(SeekFrom::Start(length.saturating_sub(SHOWN)))?;
    let mut bytes = Vec::new();
    said.take(SHOWN).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn no_script(folder: &Path) -> Refusal {
    let path = folder.display().to_string();
    if !folder.is_dir() {
        return Refusal::Unreadable {
            argument: "DIR".to_owned(),
            path,
            why: "there is no such folder, and no such file".to_owned(),
        };
    }
    refuse(
        format!("{path} has no {SCRIPT}, which would build the plugin"),
        format!(
            "write one that leaves one .wasm file beside itself, as sparkq plugin new does; or test what is built already: sparkq plugin test {} --no-build",
            word(&path)
        ),
    )
}

fn refuse(message: String, hint: String) -> Refusal {
    Refusal::Project {
        code: Code::PluginBuildFailed,
        message,
        hint,
    }
}
