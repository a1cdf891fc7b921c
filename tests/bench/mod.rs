//! The bench: a project in a folder of its own, with a cleared environment, and what it prints made repeatable.
#![allow(dead_code, reason = "each test target uses its part")]

pub(crate) mod lossy;
mod many;
mod server;
mod terminal;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(crate) use server::Server;

/// A project with a session `s` and whatever a test puts into it.
pub(crate) struct TestQueue {
    folder: tempfile::TempDir,
    /// The server that all commands go to, where the queue is not in the folder.
    url: Option<String>,
    /// The components that the environment vouches for, by their digests.
    vouched: Mutex<Vec<String>>,
}

impl TestQueue {
    /// A project with a session `s`, the stream `auth` and the scripts `scripts/a.sh` and `scripts/b.sh`.
    pub(crate) fn new() -> Self {
        let queue = Self::with_no_session();
        queue.ok(["session", "create", "s"]);
        queue.ok([
            "stream",
            "create",
            "auth",
            "--session",
            "s",
            "--instructions",
            "Keep the tests green.",
        ]);
        queue
    }

    /// A project that nobody has put anything into.
    pub(crate) fn with_no_session() -> Self {
        let queue = Self::without_project();
        queue.write(
            "scripts/a.sh",
            "#!/bin/bash\n# name: A\n# description: Says a\n# timeout: 45\necho a\n",
        );
        queue.write("scripts/b.sh", "#!/bin/bash\necho b\n");
        queue.ok(["setup", "--yes"]);
        // Any free port, so that tests can run side by side.
        let config = fs::read_to_string(queue.path("sparkq.toml")).expect("setup has written it");
        queue.write("sparkq.toml", &config.replace("port = 8420", "port = 0"));
        queue
    }

    /// A folder that is no project.
    pub(crate) fn without_project() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            url: None,
            vouched: Mutex::default(),
        }
    }

    /// A folder that is no project, whose commands go to the server at an address.
    pub(crate) fn far(url: &str) -> Self {
        Self {
            url: Some(url.to_owned()),
            ..Self::without_project()
        }
    }

    /// The same project once more, as it is now, in a folder of its own.
    pub(crate) fn copied(&self) -> Self {
        let copy = Self::without_project();
        for file in ["sparkq.toml", "sparkq.db", "sparkq.db-wal"] {
            // The last of them is there when something is in it.
            let _ = fs::copy(self.path(file), copy.path(file));
        }
        for script in fs::read_dir(self.path("scripts")).expect("a folder") {
            let script = script.expect("a file").file_name();
            let script = format!("scripts/{}", script.to_string_lossy());
            let text = fs::read_to_string(self.path(&script)).expect("a text");
            copy.write(&script, &text);
        }
        copy
    }

    /// The path of a file in the project.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// Installs a component that no person would be asked to consent to: the environment vouches for it. A server has to
    /// be started, or to reload, after this.
    pub(crate) fn vouch(&self, name: &str, component: &[u8], settings: &str) {
        let file = format!("{name}.wasm");
        fs::write(self.path(&file), component).expect("written");
        let digest = Sha256::digest(component)
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let config = fs::read_to_string(self.path("sparkq.toml")).expect("there");
        let table =
            format!("\n[plugins.{name}]\npath = \"{file}\"\nsha256 = \"{digest}\"\n{settings}\n");
        self.write("sparkq.toml", &(config + &table));
        self.vouched.lock().expect("unpoisoned").push(digest);
    }

    /// The program, to be run in the project.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sparkq"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null());
        command
            .env("HOME", self.folder.path())
            .env("SPARKQ_WORKER", "tester");
        if let Some(url) = &self.url {
            command.env("SPARKQ_URL", url);
        }
        let vouched = self.vouched.lock().expect("unpoisoned").join(",");
        if !vouched.is_empty() {
            command.env("SPARKQ_APPROVE", vouched);
        }
        // Compiled plugins are shared by all tests; compiling is what takes long.
        command.env(
            "SPARKQ_CACHE_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache"),
        );
        command
    }

    /// Runs a command and gives all of what it did.
    pub(crate) fn output<const N: usize>(&self, args: [&str; N]) -> Output {
        self.command()
            .args(args)
            .output()
            .expect("the program starts")
    }

    /// Runs a command, and shows what a person would see, with what differs from run to run taken out.
    #[must_use]
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> String {
        self.show(&self.output(args))
    }

    /// Runs a command with something on its standard input.
    #[must_use]
    pub(crate) fn run_with_input<const N: usize>(&self, args: [&str; N], input: &str) -> String {
        let mut command = self.command();
        command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // A command that refuses its arguments may end without reading.
        let _ = child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes());
        self.show(&child.wait_with_output().expect("it ends"))
    }

    /// Runs a command that must succeed without a word on stderr, as an agent that does nothing wrong would have it.
    pub(crate) fn ok<const N: usize>(&self, args: [&str; N]) -> String {
        let output = self.output(args);
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(
            output.status.success() && err.is_empty(),
            "{args:?}: {}\n{out}\n{err}",
            output.status
        );
        out.trim_end().to_owned()
    }

    /// Runs a command that must succeed, and reads the JSON it prints.
    pub(crate) fn json<const N: usize>(&self, args: [&str; N]) -> Value {
        let text = self.ok(args);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{args:?}: {error}: {text}"))
    }

    /// Queues a script in a stream, and gives the task's id.
    pub(crate) fn enqueue(&self, stream: &str, script: &str) -> String {
        let payload = format!(r#"{{"script_path":"{script}"}}"#);
        self.ok(["enqueue", "run-bash", &payload, "--stream", stream])
    }

    /// Claims the next task of a stream.
    pub(crate) fn claim(&self, stream: &str) -> Value {
        self.json(["claim", "--stream", stream])
    }

    /// Queues a script in a stream, claims it, and gives the task's id.
    pub(crate) fn running(&self, stream: &str) -> String {
        let id = self.enqueue(stream, "scripts/a.sh");
        assert_eq!(self.claim(stream)["id"], id.as_str());
        id
    }

    /// How many tasks and events there are.
    pub(crate) fn size(&self) -> (u64, i64) {
        let tasks = self.json(["tasks", "--json"])["total"]
            .as_u64()
            .expect("a number");
        let seq = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'";
        (
            tasks,
            self.database()
                .query_row(seq, [], |row| row.get(0))
                .expect("a number"),
        )
    }

    /// The database, as whoever opens the file finds it.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("sparkq.db")).expect("a database")
    }

    /// Shows what a person would see, with what differs from run to run taken out.
    pub(crate) fn show(&self, output: &Output) -> String {
        let code = output.status.code();
        let code = code.map_or_else(|| output.status.to_string(), |code| code.to_string());
        let part = |name: &str, bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            if text.is_empty() {
                String::new()
            } else {
                format!("----- {name} -----\n{text}")
            }
        };
        let (out, err) = (
            part("stdout", &output.stdout),
            part("stderr", &output.stderr),
        );
        let folder = fs::canonicalize(self.folder.path()).expect("the folder is there");
        let shown = format!("exit: {code}\n{out}{err}");
        redact(&shown.replace(&folder.display().to_string(), "[FOLDER]"))
    }
}

/// Waits until something is as it should be; a test that waits too long says for what.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = std::time::Instant::now();
    while !is_so() {
        assert!(
            started.elapsed().as_secs() < 20,
            "waited too long until {what}"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Compares a text with the file of the repository that keeps it. With `INSTA_UPDATE=always` the file is written.
pub(crate) fn kept_in(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
        fs::write(path, text).expect("written");
        return;
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    let differs = kept
        .lines()
        .zip(text.lines())
        .position(|(kept, new)| kept != new);
    assert!(
        kept == text,
        "{file} is not what it should be, first at line {}; run the test again with INSTA_UPDATE=always, and look at the difference",
        differs.map_or(kept.lines().count().min(text.lines().count()), |at| at) + 1
    );
}

/// Takes out what differs from run to run: ids, moments, spans, digests and ports.
fn redact(text: &str) -> String {
    let is_id = |word: &str| {
        ["tsk_", "str_", "ses_"].iter().any(|prefix| {
            word.strip_prefix(prefix)
                .is_some_and(|rest| rest.len() == 8)
        })
    };
    let is_time =
        |word: &str| word.len() == 24 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    let is_span = |word: &str| {
        let digits = word.trim_end_matches("ms");
        digits != word && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_digest =
        |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_stamp = |word: &str| word.contains('@') && word.contains('#');
    let mut shown = String::new();
    let part_of_word = |c: char| c.is_alphanumeric() || "_@#.:-".contains(c);
    for piece in text.split_inclusive(|c: char| !part_of_word(c)) {
        let word = piece.trim_end_matches(|c: char| !part_of_word(c));
        let word = word.trim_end_matches(':');
        let rest = &piece[word.len()..];
        shown += match word {
            word if is_id(word) => "[ID]",
            word if is_time(word) => "[TIME]",
            word if is_span(word) => "[SPAN]",
            word if is_digest(word) => "[DIGEST]",
            word if is_stamp(word) => "[STAMP]",
            word => word,
        };
        shown += rest;
    }
    let lines = shown.split_inclusive('\n').map(|line| {
        // How wide a column is depends on what was taken out.
        let columns = line.split("  ").filter(|column| !column.is_empty());
        if line.contains("[TIME]") {
            columns.map(str::trim_start).collect::<Vec<_>>().join("  ")
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}
