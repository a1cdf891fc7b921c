use serde_json::Value;

use crate::bench::{Server, TestQueue};

/// The next event: its seq, its kind, and what it says.
fn next(lines: &mut impl Iterator<Item = String>) -> (i64, String, Value) {
    let mut field = |name: &str| {
        let line = lines
            .find(|line| line.starts_with(name))
            .expect("the stream goes on");
        line[name.len()..].trim().to_owned()
    };
    let (id, kind, data) = (field("id:"), field("event:"), field("data:"));
    (
        id.parse().expect("a number"),
        kind,
        serde_json::from_str(&data).expect("JSON"),
    )
}

#[test]
fn a_stream_begins_with_a_comment_so_that_no_proxy_holds_its_head_back() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut lines = server.follow("/api/events");
    assert_eq!(lines.next().as_deref(), Some(":"));
    assert_eq!(lines.next().as_deref(), Some(""));
}

#[test]
fn a_reader_resumes_after_the_event_it_saw_last_and_misses_none() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let seen = server.get("/api/tasks").seq.expect("the header");
    let id = server.enqueue("scripts/a.sh");
    let mut events = server.follow(&format!("/api/events?after={seen}"));
    let (seq, kind, event) = next(&mut events);
    assert_eq!((seq, kind.as_str()), (seen + 1, "task.enqueued"));
    assert_eq!(
        (&event["task"]["id"], &event["task"]["status"]),
        (&id.as_str().into(), &"queued".into())
    );
    server.post("/api/streams/auth/claim", &Value::Null);
    let (seq, kind, event) = next(&mut events);
    assert_eq!((seq, kind.as_str()), (seen + 2, "task.claimed"));
    assert_eq!(event["task"]["status"], "running");
}

#[test]
fn what_another_process_writes_into_the_file_shows_up() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut events = server.follow("/api/events?after=0");
    assert_eq!(next(&mut events).1, "session.created");
    assert_eq!(next(&mut events).1, "stream.created");
    for _ in 0..3 {
        let payload = r#"{"script_path":"scripts/a.sh"}"#;
        queue.ok([
            "--direct", "enqueue", "run-bash", payload, "--stream", "auth",
        ]);
        assert_eq!(next(&mut events).1, "task.enqueued");
    }
}

#[test]
fn a_reader_ahead_of_the_log_is_told_to_fetch_and_a_place_before_its_beginning_is_refused() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let newest = server.get("/api/tasks").seq.expect("the header");
    let mut events = server.follow(&format!("/api/events?after={}", i64::MAX));
    let (seq, kind, _) = next(&mut events);
    assert_eq!((seq, kind.as_str()), (newest, "reset"));
    let refused = server.get("/api/events?after=-1");
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (400, &"INVALID_VALUE".into())
    );
}

#[test]
fn while_many_write_a_reader_hears_of_every_task_and_of_each_change_once() {
    const WRITERS: usize = 8;
    const EACH: usize = 20;
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let seen = server.get("/api/tasks").seq.expect("the header");
    let mut events = server.follow(&format!("/api/events?after={seen}"));
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..EACH {
                    server.enqueue("scripts/a.sh");
                    server.post("/api/streams/auth/claim", &Value::Null);
                }
            });
        }
    });
    // Every enqueue and every claim is one event, told by itself or merged into a later one of its task.
    let (mut told, mut last) = (0, seen);
    while told < 2 * WRITERS * EACH {
        let (seq, _, event) = next(&mut events);
        assert!(seq > last, "in order");
        last = seq;
        told += 1 + event["merged"].as_array().map_or(0, Vec::len);
    }
    let end = i64::try_from(2 * WRITERS * EACH).expect("a few") + seen;
    assert_eq!(last, end, "none was told twice");
}

#[test]
fn a_reader_far_behind_is_told_to_fetch_again_and_goes_on_from_the_newest() {
    let queue = TestQueue::new();
    let line =
        r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"},"stream_id":"auth"}"#;
    queue.write("tasks.ndjson", &vec![line; 1001].join("\n"));
    queue.ok(["enqueue", "--batch", "tasks.ndjson"]);
    let server = Server::start(&queue);
    let newest = server.get("/api/tasks").seq.expect("the header");
    let mut events = server.follow("/api/events?after=1");
    let (seq, kind, _) = next(&mut events);
    assert_eq!((seq, kind.as_str()), (newest, "reset"));
    server.enqueue("scripts/a.sh");
    assert_eq!(next(&mut events).0, newest + 1);
}
