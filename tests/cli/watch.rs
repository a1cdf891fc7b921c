//! The watcher of one stream, and the worker that waits for it.

use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::bench::{TestQueue, until};

/// A process that ends with the test.
struct Process(Option<Child>);

impl Process {
    /// Starts `sparkq watch auth`, and waits until a worker can wait for it.
    fn watch(queue: &TestQueue) -> Self {
        let mut command = queue.command();
        command.args(["watch", "auth"]).stderr(Stdio::piped());
        let process = Self(Some(command.spawn().expect("it starts")));
        until("the pipe is there", || is_pipe(queue));
        process
    }

    /// Runs `script` in the project, with the files of the stream as `$pipe` and `$flag`, and `sparkq` as a command.
    fn worker(queue: &TestQueue, script: &str) -> Self {
        let program = queue.command();
        let mut bash = Command::new("bash");
        bash.args(["-c", script]).current_dir(queue.path(""));
        bash.env_clear().envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let bin = std::path::Path::new(program.get_program()).with_file_name("");
        bash.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        bash.env("pipe", queue.path(PIPE))
            .env("flag", queue.path(FLAG));
        bash.stdin(Stdio::null()).stdout(Stdio::piped());
        Self(Some(bash.spawn().expect("bash is there")))
    }

    fn pid(&self) -> u32 {
        self.0.as_ref().expect("not ended").id()
    }

    /// Sends a signal.
    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        let sent = kill.args([signal, &self.pid().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Waits for its end: its code, what it printed, and what it complained of.
    fn end(mut self) -> (Option<i32>, String, String) {
        let child = self.0.take().expect("not ended");
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

const PIPE: &str = ".sparkq/run/auth.pipe";
const FLAG: &str = ".sparkq/run/auth.done";
const WAIT: &str = r#"touch "$flag" && timeout 60 head -1 "$pipe" && sparkq claim --stream auth"#;

fn is_pipe(queue: &TestQueue) -> bool {
    fs::symlink_metadata(queue.path(PIPE)).is_ok_and(|there| there.file_type().is_fifo())
}

/// What a worker got that waited and claimed.
fn claimed(worker: Process) -> Value {
    let (code, printed, _) = worker.end();
    assert_eq!(code, Some(0), "{printed}");
    let task = printed.strip_prefix("wake\n").expect("it was woken");
    serde_json::from_str(task).expect("a task")
}

#[test]
fn a_worker_that_waits_is_woken_by_a_new_task_and_one_that_comes_later_finds_it() {
    let queue = TestQueue::new();
    let _watcher = Process::watch(&queue);
    let worker = Process::worker(&queue, WAIT);
    until("the worker waits", || queue.path(FLAG).exists());
    let first = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(claimed(worker)["id"], first.as_str());
    assert!(!queue.path(FLAG).exists(), "the flag was taken down");

    let second = queue.enqueue("auth", "scripts/b.sh");
    let worker = Process::worker(&queue, WAIT);
    assert_eq!(claimed(worker)["id"], second.as_str());
}

#[test]
fn a_worker_that_was_killed_leaves_one_line_behind_and_no_more() {
    let queue = TestQueue::new();
    let _watcher = Process::watch(&queue);
    queue.enqueue("auth", "scripts/a.sh");
    for _ in 0..3 {
        fs::write(queue.path(FLAG), "").expect("written");
        until("the flag is taken down", || !queue.path(FLAG).exists());
    }
    let reader = Process::worker(&queue, r#"timeout 0.3 cat "$pipe""#);
    assert_eq!(reader.end().1, "wake\n");
}

#[test]
fn a_watcher_that_is_asked_to_end_ends_with_0_and_its_worker_sees_the_end_of_the_pipe() {
    let queue = TestQueue::new();
    for signal in ["-TERM", "-INT"] {
        let watcher = Process::watch(&queue);
        let worker = Process::worker(
            &queue,
            r#"touch "$flag"; timeout 60 head -1 "$pipe"; echo $?"#,
        );
        until("the worker waits", || queue.path(FLAG).exists());
        watcher.signal(signal);
        assert_eq!(watcher.end(), (Some(0), String::new(), String::new()));
        let seen = worker.end().1;
        // 0 at the end of the pipe, 1 where it was gone before the worker opened it.
        assert!(seen == "0\n" || seen == "1\n", "{seen}");
        assert!(!queue.path(PIPE).exists() && !queue.path(FLAG).exists());
        assert!(
            queue.path(".sparkq/run/auth.lock").exists(),
            "the lock file stays"
        );
    }
}

#[test]
fn a_second_watcher_is_told_who_has_the_stream() {
    let queue = TestQueue::new();
    let first = Process::watch(&queue);
    let refused = queue.run(["watch", "AUTH"]);
    let refused = refused.replace(&first.pid().to_string(), "[PID]");
    insta::assert_snapshot!(refused, @"
    exit: 1
    ----- stderr -----
    Error: stream `auth` is watched already by process [PID], since [TIME]
    Hint: stop that watcher: sparkq stop --stream auth
    ");
    insta::assert_snapshot!(queue.run(["watch", "auht"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `auht` was not found; there is `auth`
    Hint: see all streams: sparkq stream list
    ");
}

#[test]
fn a_watcher_ends_with_its_stream() {
    let queue = TestQueue::new();
    let watcher = Process::watch(&queue);
    queue.ok(["stream", "end", "auth"]);
    assert_eq!(watcher.end(), (Some(0), String::new(), String::new()));
    assert!(!queue.path(PIPE).exists());
    insta::assert_snapshot!(queue.run(["watch", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `auth` is ended
    Hint: reopen it: sparkq stream reopen [ID]
    ");
}

#[test]
fn what_is_in_the_place_of_the_pipe_is_replaced_and_a_pipe_that_is_removed_comes_back() {
    let queue = TestQueue::new();
    for make in ["touch", "mkdir -p", "ln -s /dev/null"] {
        fs::create_dir_all(queue.path(".sparkq/run")).expect("made");
        let made = Process::worker(&queue, &format!("{make} \"$pipe\"")).end();
        assert_eq!(made.0, Some(0), "{make}");
        drop(Process::watch(&queue));
        fs::remove_file(queue.path(PIPE)).expect("a killed watcher leaves it behind");
    }
    let _watcher = Process::watch(&queue);
    fs::remove_file(queue.path(PIPE)).expect("removed");
    queue.enqueue("auth", "scripts/a.sh");
    until("the pipe is there again", || is_pipe(&queue));
}

#[test]
fn a_person_sees_the_instructions_the_queue_and_each_wake() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    let mut command = queue.command();
    command.args(["watch", "auth", "--verbose"]);
    let watcher = Process(Some(
        command.stderr(Stdio::piped()).spawn().expect("starts"),
    ));
    until("the pipe is there", || is_pipe(&queue));
    claimed(Process::worker(&queue, WAIT));
    watcher.signal("-INT");
    insta::assert_snapshot!(watcher.end().2, @"
    Watching `auth`: 1 queued.
      Keep the tests green.
    Woke a worker of `auth`.
    ");
}
