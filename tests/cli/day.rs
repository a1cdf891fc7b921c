//! A worker's day, from the first command to the last, with a server at its side.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue, until};

impl TestQueue {
    /// Makes it look as if a task had been claimed so many seconds earlier.
    fn age(&self, id: &str, seconds: i64) {
        let change = "UPDATE tasks SET started_at = started_at - 1000 * ?1 WHERE id = ?2";
        let changed = self
            .database()
            .execute(change, (seconds, id))
            .expect("written");
        assert_eq!(changed, 1);
    }

    fn status_of(&self, id: &str) -> Value {
        self.json(["task", id, "--json"])["status"].clone()
    }
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one day, to be read from morning to evening"
)]
fn a_workers_day() {
    // The developer sets the project up, with a session and a stream that has instructions.
    let queue = TestQueue::with_no_session();
    queue.ok([
        "session",
        "create",
        "sprint-12",
        "--description",
        "Login and billing",
    ]);
    queue.write(
        "docs/auth.md",
        "Keep the tests green. Touch nothing but src/auth.\n",
    );
    queue.ok([
        "stream",
        "create",
        "auth",
        "--session",
        "sprint-12",
        "--instructions",
        "@docs/auth.md",
    ]);
    queue.ok(["stream", "create", "docs", "--session", "sprint-12"]);
    let server = Server::start_with(&queue, ["run", "--session", "sprint-12"]);
    let status = queue.json(["status", "--json"]);
    assert_eq!(
        status["watchers"].as_array().map(Vec::len),
        Some(2),
        "{status}"
    );

    // Class and timeout: the script's header comes before the tool, the command line before both.
    let a = queue.enqueue("auth", "scripts/a.sh");
    let b = queue.enqueue("auth", "scripts/b.sh");
    let c = queue.ok([
        "enqueue",
        "run-bash-fast",
        r#"{"script_path":"scripts/b.sh"}"#,
        "--stream",
        "auth",
        "--timeout",
        "2m",
    ]);
    let limits = |id: &str| {
        let task = queue.json(["task", id, "--json"]);
        (
            task["task_class"].as_str().expect("a class").to_owned(),
            task["timeout"].as_i64(),
        )
    };
    assert_eq!(limits(&a), ("MEDIUM_SCRIPT".to_owned(), Some(45)));
    assert_eq!(limits(&b), ("MEDIUM_SCRIPT".to_owned(), Some(300)));
    assert_eq!(limits(&c), ("FAST_SCRIPT".to_owned(), Some(120)));

    // The worker looks first, which claims nothing, and asks without a stream, which says where there is work.
    assert_eq!(queue.json(["peek", "--stream", "auth"])["id"], a.as_str());
    insta::assert_snapshot!(queue.run(["claim"]), @"
    exit: 1
    ----- stderr -----
    Error: claim needs a stream; these have queued tasks: `auth` (3)
    Hint: sparkq claim --stream auth
    ");
    let claimed = queue.claim("auth");
    assert_eq!(claimed["id"], a.as_str());
    assert_eq!(
        claimed["stream"]["instructions"],
        "Keep the tests green. Touch nothing but src/auth.\n"
    );
    assert!(
        claimed["guide"]
            .as_str()
            .is_some_and(|guide| guide.contains("sparkq complete"))
    );

    // A result needs a summary; without one the task stays the worker's.
    insta::assert_snapshot!(queue.run(["complete", &a, "--result", r#"{"exit_code":0}"#]), @r#"
    exit: 1
    ----- stderr -----
    Error: result.summary is required (string)
    Hint: --result '{"summary":"what was done"}', or --summary "what was done"
    "#);
    assert_eq!(queue.status_of(&a), "running");
    queue.ok(["complete", &a, "--summary", "Said a", "--stdout", "a\n"]);

    // What cannot be done fails with its output, and the developer has it done once more.
    queue.claim("auth");
    queue.write("err.txt", "b: no such option\n");
    queue.ok([
        "fail",
        &b,
        "--error",
        "exit code 2: no such option",
        "--stderr",
        "@err.txt",
    ]);
    let clone = queue.ok(["requeue", &b]);
    assert_eq!(
        queue.json(["task", &clone, "--json"])["requeued_from"],
        b.as_str()
    );
    assert_eq!(
        queue.status_of(&b),
        "failed",
        "the original stays as it was"
    );

    // A worker that is slow shows as stale, and one that is gone loses its task at twice the timeout.
    assert_eq!(queue.claim("auth")["id"], c.as_str());
    queue.age(&c, 130);
    let stale = queue.json(["tasks", "--stale", "--json"]);
    assert_eq!(
        (&stale["total"], &stale["items"][0]["id"]),
        (&1.into(), &c.as_str().into())
    );
    queue.age(&c, 130);
    until("the task is failed", || queue.status_of(&c) == "failed");
    let again = queue.ok(["requeue", &c]);
    let late = queue.run([
        "complete",
        &c,
        "--summary",
        "Done at last",
        "--stdout",
        "b\n",
    ]);
    insta::assert_snapshot!(late, @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is failed, so it cannot be completed (Auto-failed: task exceeded 2x timeout (120s) with no complete/fail reported. Likely worker crash or disconnect.); it was requeued as `[ID]`
    Hint: see what became of it: sparkq task [ID]
    ");
    let shown = queue.json(["task", &c, "--json"]);
    assert_eq!(shown["stdout"], "b\n", "what a late worker printed is kept");
    assert_eq!(shown["history"]["requeued_as"], json!([again]));
    let last = shown["history"]["events"]
        .as_array()
        .and_then(|events| events.last())
        .expect("an event");
    assert_eq!(
        (&last["kind"], &last["data"]["result"]["summary"]),
        (&"task.late".into(), &"Done at last".into())
    );

    // Everything is there for a program too.
    assert_eq!(server.get(&format!("/api/tasks/{c}")).body, shown);
    assert_eq!(
        server.get("/api/status").body["tasks"],
        json!({"queued": 2, "running": 0, "succeeded": 1, "failed": 2})
    );

    // A worker that waits at a pipe is woken once for a burst of tasks.
    let pipe = queue.path(".sparkq/run/docs.pipe");
    let flag = queue.path(".sparkq/run/docs.done");
    let waiting = Command::new("timeout")
        .args(["20", "head", "-1"])
        .arg(&pipe)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    fs::write(&flag, "").expect("written");
    let line = r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"}}"#;
    queue.write("burst.ndjson", &[line; 3].join("\n"));
    queue.ok(["enqueue", "--batch", "burst.ndjson", "--stream", "docs"]);
    assert_eq!(
        waiting.wait_with_output().expect("it ends").stdout,
        b"wake\n"
    );
    assert!(!flag.exists(), "the next burst wakes whoever is ready then");

    // The developer clears up, stops one watcher, and then everything.
    assert_eq!(
        queue.ok(["purge"]),
        "0 tasks, 0 streams, 0 sessions removed",
        "nothing is three days old"
    );
    assert_eq!(
        queue.ok(["purge", "--older-than", "0"]),
        "3 tasks, 0 streams, 0 sessions removed"
    );
    queue.ok(["stop", "--stream", "docs"]);
    assert!(!pipe.exists(), "a worker that waits there sees the end");
    let watchers = queue.json(["status", "--json"])["watchers"].clone();
    assert_eq!(
        (watchers.as_array().map(Vec::len), &watchers[0]["stream"]),
        (Some(1), &"auth".into())
    );
    let held = queue.claim("docs")["id"].clone();
    queue.ok(["stop"]);
    assert_eq!(server.ended().code(), Some(0));
    let status = queue.json(["status", "--json"]);
    assert_eq!(
        (&status["server"], &status["watchers"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        queue.status_of(held.as_str().expect("an id")),
        "running",
        "what runs goes on"
    );
    queue.ok(["stop"]);
}

#[test]
fn without_a_server_a_command_fails_what_is_overdue_before_it_looks() {
    let queue = TestQueue::new();
    for look in [
        vec!["tasks"],
        vec!["peek", "--stream", "auth"],
        vec!["claim", "--stream", "auth"],
        vec!["claim"],
    ] {
        let id = queue.running("auth");
        queue.age(&id, 91);
        // What it says is another test's; `claim` alone ends with an error.
        let _ = queue.command().args(look).output().expect("it starts");
        let error: String = queue
            .database()
            .query_row("SELECT error FROM tasks WHERE id = ?1", [&id], |row| {
                row.get(0)
            })
            .expect("it has failed");
        assert_eq!(
            error,
            "Auto-failed: task exceeded 2x timeout (45s) with no complete/fail reported. Likely worker crash or disconnect."
        );
    }
}
