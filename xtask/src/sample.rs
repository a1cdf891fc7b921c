//! The sample session of `cargo xtask run`, made and worked through the queue's own commands.
//!
//! Its tasks are real: the scripts of `tests/samples` run on this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::cargo::{Workspace, output};
use crate::run::Sparkq;

const SESSION: &str = "sample";
const WORKER: &str = "sample";

/// A stream of the sample session.
struct Stream {
    name: &'static str,
    instructions: &'static str,
    tasks: &'static [Task],
    /// How many tasks the sample worker runs to their end.
    worked: usize,
    /// Whether it takes one more and leaves it running.
    leaves_one_running: bool,
}

/// A task: a script of `tests/samples`, and its arguments.
struct Task {
    script: &'static str,
    args: &'static [&'static str],
    timeout: Option<&'static str>,
}

const fn task(script: &'static str, args: &'static [&'static str]) -> Task {
    Task {
        script,
        args,
        timeout: None,
    }
}

/// Between them, the tasks end in every status.
const STREAMS: [Stream; 3] = [
    Stream {
        name: "code",
        instructions: "\
Measure the source, change nothing.

- Run each script as it is queued, from the project's root.
- The summary is one sentence with the number that matters, for example
  \"12,408 lines of Rust in 8 crates; host is the largest with 5,102\".
- When a number surprises you, say so in the summary and look no further.
",
        tasks: &[
            task("count-lines.sh", &[]),
            task("list-largest-files.sh", &["10"]),
            task("find-todos.sh", &["host"]),
            task("list-largest-files.sh", &["3", "plugins"]),
        ],
        worked: 2,
        leaves_one_running: false,
    },
    Stream {
        name: "docs",
        instructions: "\
Keep the written pages true.

- A broken link is a finding: name file and target in the error, and do not repair it here.
- Pages are judged as a reader sees them, not as they were meant.
",
        tasks: &[
            task("check-links.sh", &[]),
            task("word-frequency.sh", &["wit", "12"]),
            task("word-frequency.sh", &["host", "20"]),
        ],
        worked: 2,
        leaves_one_running: false,
    },
    Stream {
        name: "release",
        instructions: "\
Say whether this clone could be released, and what is in the way.

- Stop at the first check that fails; its error says what to do next.
- The last task is done by hand: read the report, then complete it with your verdict as the summary.
",
        tasks: &[
            task("toolchain-report.sh", &[]),
            task("failing-check.sh", &["CHANGELOG.md"]),
            Task {
                script: "toolchain-report.sh",
                args: &["--long"],
                timeout: Some("2d"),
            },
        ],
        worked: 2,
        leaves_one_running: true,
    },
];

/// Makes the sample session, unless the queue has ever had one of its own.
pub(crate) fn fill_when_empty(workspace: &Workspace, sparkq: &Sparkq) -> Result<()> {
    let sessions = json(sparkq, ["--json", "session", "list"])?;
    if sessions["total"].as_u64() != Some(0) {
        return Ok(());
    }
    eprintln!("the queue is empty: adding the session `{SESSION}`");
    let worker = Worker {
        sparkq,
        root: &workspace.root,
        outputs: workspace.build_dir.join("sparkq-sample"),
    };
    fill(&worker).context(
        "the sample session could not be made; to start over, delete sparkq.db, sparkq.db-wal and sparkq.db-shm",
    )
}

fn fill(worker: &Worker<'_>) -> Result<()> {
    let sparkq = worker.sparkq;
    text(
        sparkq,
        [
            "session",
            "create",
            SESSION,
            "--description",
            "What SparkQ looks like at work",
        ],
    )?;
    for stream in &STREAMS {
        text(
            sparkq,
            [
                "stream",
                "create",
                stream.name,
                "--session",
                SESSION,
                "--instructions",
                stream.instructions,
            ],
        )?;
        for task in stream.tasks {
            let path = format!("tests/samples/{}", task.script);
            let payload = json!({ "script_path": path, "args": task.args }).to_string();
            let mut command = sparkq.command();
            command.args(["enqueue", "run-bash", &payload, "--stream", stream.name]);
            if let Some(timeout) = task.timeout {
                command.args(["--timeout", timeout]);
            }
            output(command)?;
        }
    }
    fs::create_dir_all(&worker.outputs)
        .with_context(|| format!("cannot make {}", worker.outputs.display()))?;
    for stream in &STREAMS {
        for _ in 0..stream.worked {
            worker.work(stream.name)?;
        }
        if stream.leaves_one_running {
            worker.claim(stream.name)?;
        }
    }
    fs::remove_dir_all(&worker.outputs)
        .with_context(|| format!("cannot remove {}", worker.outputs.display()))
}

/// A worker as the playbook describes it: claim, do, report.
struct Worker<'a> {
    sparkq: &'a Sparkq,
    root: &'a Path,
    /// A folder for what a script wrote, on its way into the queue.
    outputs: PathBuf,
}

impl Worker<'_> {
    fn claim(&self, stream: &str) -> Result<Value> {
        json(
            self.sparkq,
            ["claim", "--stream", stream, "--worker", WORKER],
        )
    }

    /// Takes the next task of a stream, runs its script and reports how that went.
    fn work(&self, stream: &str) -> Result<()> {
        let task = self.claim(stream)?;
        let id = task["id"].as_str().context("a claimed task has no id")?;
        let done = self.script(&task["payload"])?;
        let report = if done.status.success() {
            let summary = line(&done.stdout).unwrap_or("It ran and had nothing to say.");
            vec!["complete", id, "--summary", summary]
        } else {
            let error = line(&done.stderr).unwrap_or("It failed and did not say why.");
            vec!["fail", id, "--error", error]
        };
        let mut command = self.sparkq.command();
        command.args(report);
        for (name, content) in [("stdout", &done.stdout), ("stderr", &done.stderr)] {
            let file = self.outputs.join(name);
            fs::write(&file, content)
                .with_context(|| format!("cannot write {}", file.display()))?;
            command
                .arg(format!("--{name}"))
                .arg(format!("@{}", file.display()));
        }
        output(command).map(drop)
    }

    fn script(&self, payload: &Value) -> Result<Output> {
        let path = payload["script_path"]
            .as_str()
            .context("the payload names no script")?;
        let args = payload["args"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        Command::new("bash")
            .arg(path)
            .args(args)
            .current_dir(self.root)
            .output()
            .context("cannot start bash, which the sample scripts are written for")
    }
}

/// The last line that is not blank: where the sample scripts put their conclusion.
fn line(text: &[u8]) -> Option<&str> {
    let text = str::from_utf8(text).ok()?;
    text.lines().map(str::trim).rfind(|line| !line.is_empty())
}

fn text<const N: usize>(sparkq: &Sparkq, args: [&str; N]) -> Result<String> {
    let mut command = sparkq.command();
    command.args(args);
    output(command)
}

fn json<const N: usize>(sparkq: &Sparkq, args: [&str; N]) -> Result<Value> {
    let answer = text(sparkq, args)?;
    if answer.trim().is_empty() {
        bail!("`sparkq {}` had nothing to hand out", args.join(" "));
    }
    serde_json::from_str(&answer)
        .with_context(|| format!("`sparkq {}` did not answer with JSON", args.join(" ")))
}
