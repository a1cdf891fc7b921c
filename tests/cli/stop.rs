use std::process::{Child, Stdio};

use serde_json::json;

use crate::bench::{Server, TestQueue, until};

/// A watcher that is a process of its own.
struct Alone(Child);

impl Alone {
    /// Waits for its end, and gives its code.
    fn ended(mut self) -> Option<i32> {
        self.0.wait().expect("it ends").code()
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // Where it has ended already, both say so.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a watcher, and waits until it watches.
fn watch(queue: &TestQueue, stream: &str) -> Alone {
    let mut command = queue.command();
    command.args(["watch", stream]).stdout(Stdio::null());
    let child = Alone(command.spawn().expect("it starts"));
    until("it watches", || {
        watchers(queue).contains(&stream.to_owned())
    });
    child
}

fn watchers(queue: &TestQueue) -> Vec<String> {
    let status = queue.json(["status", "--json"]);
    let watchers = status["watchers"].as_array().expect("a list");
    let name = |watcher: &serde_json::Value| watcher["stream"].as_str().expect("a name").to_owned();
    watchers.iter().map(name).collect()
}

#[test]
fn stop_ends_the_server_and_all_watchers_and_leaves_running_tasks_alone() {
    let queue = TestQueue::new();
    queue.ok(["session", "create", "t"]);
    queue.ok(["stream", "create", "docs", "--session", "t"]);
    let id = queue.running("auth");
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    let alone = watch(&queue, "docs");
    assert_eq!(watchers(&queue), ["auth", "docs"]);
    assert_eq!(queue.ok(["stop"]), "");
    assert_eq!(server.ended().code(), Some(0));
    assert_eq!(alone.ended(), Some(0));
    assert!(watchers(&queue).is_empty());
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");
}

#[test]
fn stop_is_content_where_nothing_runs() {
    let queue = TestQueue::new();
    insta::assert_snapshot!(queue.run(["stop", "--verbose"]), @"
    exit: 0
    ----- stderr -----
    Nothing was running.
    ");
    insta::assert_snapshot!(queue.run(["stop", "--stream", "auth", "--json"]), @r#"
    exit: 0
    ----- stdout -----
    {"server":null,"watchers":[]}
    "#);
    insta::assert_snapshot!(queue.run(["stop", "--stream", "auht"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `auht` was not found; there is `auth`
    Hint: see all streams: sparkq stream list
    ");
}

#[test]
fn one_watcher_is_stopped_and_the_server_goes_on_without_it() {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "docs", "--session", "s"]);
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    assert_eq!(watchers(&queue), ["auth", "docs"]);
    queue.ok(["stop", "--stream", "auth"]);
    assert_eq!(watchers(&queue), ["docs"]);
    assert!(!queue.path(".sparkq/run/auth.pipe").exists());
    queue.enqueue("auth", "scripts/a.sh");
    queue.ok(["stream", "create", "more", "--session", "s"]);
    until("the new stream is watched", || {
        watchers(&queue).contains(&"more".to_owned())
    });
    assert_eq!(watchers(&queue), ["docs", "more"], "it does not come back");

    let alone = watch(&queue, "auth");
    queue.ok(["stop", "--stream", "auth"]);
    assert_eq!(alone.ended(), Some(0));
    assert_eq!(watchers(&queue), ["docs", "more"]);
    assert_eq!(server.get("/api/health").status, 200);
}

#[test]
fn the_api_lets_go_of_a_watcher_and_says_whether_there_was_one() {
    let queue = TestQueue::new();
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    for stopped in [true, false] {
        let answer = server.delete("/api/streams/auth/watcher");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, json!({"stream": "auth", "stopped": stopped}));
        assert!(watchers(&queue).is_empty());
    }
    assert_eq!(server.delete("/api/streams/nobody/watcher").status, 404);
}
