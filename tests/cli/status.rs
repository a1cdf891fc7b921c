use crate::bench::{Server, TestQueue};

#[test]
fn status_tells_of_the_queue_with_and_without_a_server() {
    let queue = TestQueue::new();
    queue.running("auth");
    queue.enqueue("auth", "scripts/b.sh");
    let name = queue.path("");
    let name = name.file_name().expect("a name").to_string_lossy();
    let shown = |text: String| text.replace(&*name, "[PROJECT]");
    insta::assert_snapshot!(shown(queue.run(["status"])), @"
    exit: 0
    ----- stdout -----
    project: [PROJECT]
    server: not running
    tasks: 1 queued, 1 running, 0 succeeded, 0 failed
    sessions: 1 active
    streams: 1 active
    watchers: none
    ");
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    let with_server = shown(queue.run(["status"]))
        .replace(&server.address, "[ADDRESS]")
        .replace(&server.pid().to_string(), "[PID]");
    insta::assert_snapshot!(with_server, @"
    exit: 0
    ----- stdout -----
    project: [PROJECT]
    server: [ADDRESS] (process [PID])
    tasks: 1 queued, 1 running, 0 succeeded, 0 failed
    sessions: 1 active
    streams: 1 active
    watchers:
    auth: in the server, process [PID], since [TIME]
    ");
}

#[test]
fn status_as_json_is_what_the_api_answers() {
    let queue = TestQueue::new();
    assert!(queue.json(["status", "--json"])["server"].is_null());
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    let answer = server.get("/api/status");
    assert_eq!(answer.body, queue.json(["status", "--json"]));
    assert_eq!(answer.body["server"]["pid"], server.pid());
}
