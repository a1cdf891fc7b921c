use std::time::{Duration, Instant};

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
fn what_another_process_writes_into_the_file_shows_up_within_100_ms() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut events = server.follow("/api/events?after=0");
    assert_eq!(next(&mut events).1, "session.created");
    assert_eq!(next(&mut events).1, "stream.created");
    let delays = (0..5).map(|_| {
        let payload = r#"{"script_path":"scripts/a.sh"}"#;
        queue.ok([
            "--direct", "enqueue", "run-bash", payload, "--stream", "auth",
        ]);
        let committed = Instant::now();
        assert_eq!(next(&mut events).1, "task.enqueued");
        committed.elapsed()
    });
    let mut delays: Vec<_> = delays.collect();
    delays.sort();
    // The middle one, because the machine may be busy with other tests.
    assert!(delays[2] < Duration::from_millis(100), "{delays:?}");
}

#[test]
fn a_reader_from_the_beginning_of_time_is_told_to_fetch() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let newest = server.get("/api/tasks").seq.expect("the header");
    for after in ["-9223372036854775808", "9223372036854775807"] {
        let mut events = server.follow(&format!("/api/events?after={after}"));
        let (seq, kind, _) = next(&mut events);
        assert_eq!((seq, kind.as_str()), (newest, "reset"), "{after}");
    }
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
