//! Commands beside a live server, and what a server leaves behind.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::bench::{Server, TestQueue};

#[test]
fn commands_go_to_the_live_server_and_answer_as_they_do_without_one() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(queue.claim("auth")["id"], id.as_str());
    insta::assert_snapshot!(queue.run(["complete", &id, "--result", "{}"]), @r#"
    exit: 1
    ----- stderr -----
    Error: result.summary is required (string)
    Hint: --result '{"summary":"what was done"}', or --summary "what was done"
    "#);
    queue.ok(["complete", &id, "--summary", "done"]);
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auht"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `auht` was not found; there is `auth`
    Hint: see all streams: sparkq stream list
    ");
    insta::assert_snapshot!(queue.run(["complete", "../../health", "--summary", "x"]), @"
    exit: 1
    ----- stderr -----
    Error: task `../../health` was not found
    Hint: see all tasks: sparkq tasks
    ");
    assert_eq!(queue.ok(["claim", "--stream", "auth"]), "");
    drop(server);
}

#[test]
fn a_second_server_is_refused_and_told_where_the_first_one_is() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let refused = queue.run(["run", "--no-watch"]);
    assert!(refused.starts_with("exit: 1\n"), "{refused}");
    assert!(
        refused.contains(&format!(
            "a server of this project is running already at {}",
            server.address
        )),
        "{refused}"
    );
}

#[test]
fn a_server_that_is_asked_to_end_ends_with_0_even_with_a_reader_of_events() {
    let queue = TestQueue::new();
    for signal in ["-TERM", "-INT"] {
        let server = Server::start(&queue);
        let mut events = server.follow("/api/events?after=0");
        assert!(
            events.any(|line| line.starts_with("id: 1")),
            "the reader is there"
        );
        assert_eq!(server.end(signal).code(), Some(0), "{signal}");
        assert!(events.last().is_some(), "the stream ends too");
    }
    queue.enqueue("auth", "scripts/a.sh");
}

#[test]
fn no_client_however_slow_keeps_a_server_from_ending() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let host = server.address.trim_start_matches("http://");
    let send = |text: &str| {
        let mut client = TcpStream::connect(host).expect("connected");
        client.write_all(text.as_bytes()).expect("sent");
        client
    };
    let body = "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"name\": ";
    let mut events = server.follow("/api/events?after=0");
    events.next().expect("the reader is there");
    let clients = [
        send(""),
        send("GET /api/status HTTP/1.1\r\nHost: loc"),
        send(&format!(
            "POST /api/sessions HTTP/1.1\r\nHost: localhost\r\n{body}"
        )),
        send("GET /api/events?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        send("GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ];
    // Once the last one has its answer, the server has seen the others too.
    let mut answer = [0; 12];
    (&clients[4]).read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
    let asked = Instant::now();
    assert_eq!(server.end("-TERM").code(), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
}

#[test]
fn the_server_is_told_who_acts_whatever_the_name() {
    let queue = TestQueue::new();
    let _server = Server::start(&queue);
    let id = queue.enqueue("auth", "scripts/a.sh");
    let name = "Zoë ✨ 100%\t\"x\"";
    let run = |args: &[&str]| {
        let output = queue
            .command()
            .env("SPARKQ_WORKER", name)
            .args(args)
            .output();
        assert!(output.expect("it starts").status.success(), "{args:?}");
    };
    run(&["claim", "--stream", "auth"]);
    run(&["complete", &id, "--summary", "done"]);
    let task = queue.json(["task", &id, "--json"]);
    assert_eq!(task["worker"], name);
    let events = task["history"]["events"].as_array().expect("events");
    let actors: Vec<_> = events.iter().map(|event| &event["actor"]).collect();
    assert_eq!(actors, ["tester", name, name]);
}

#[test]
fn what_is_too_large_for_a_request_is_taken_all_the_same() {
    let queue = TestQueue::new();
    let _server = Server::start(&queue);
    let id = queue.enqueue("auth", "scripts/a.sh");
    queue.claim("auth");
    queue.write("out.txt", &"\u{1}".repeat(9 << 20));
    queue.ok(["complete", &id, "--summary", "done", "--stdout", "@out.txt"]);
    let task = queue.json(["task", &id, "--json"]);
    assert_eq!(task["status"], "succeeded");
    let kept = task["stdout"].as_str().expect("text");
    assert!(kept.contains("\n[sparkq: 1048576 bytes left out here]\n"));
    let long = "w".repeat(70_000);
    let refused = queue.run(["claim", "--stream", &long]);
    assert!(refused.contains("Error: stream `www"), "{refused}");
    let refused = queue.run(["claim", "--stream", "auth", "--worker", &long]);
    assert!(
        refused.contains("too long for a worker's name"),
        "{refused}"
    );
}

#[test]
fn commands_work_while_a_server_comes_and_goes() {
    let queue = TestQueue::new();
    let stopped = std::sync::atomic::AtomicBool::new(false);
    let queued = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let mut queued = 0;
            while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
                queue.enqueue("auth", "scripts/a.sh");
                queued += 1;
            }
            queued
        });
        for _ in 0..4 {
            assert_eq!(Server::start(&queue).end("-TERM").code(), Some(0));
        }
        stopped.store(true, std::sync::atomic::Ordering::Relaxed);
        worker.join().expect("no command failed")
    });
    assert_eq!(queue.json(["tasks", "--json"])["total"], queued);
}

#[test]
fn a_server_that_ends_leaves_the_whole_queue_in_the_database() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = server.enqueue("scripts/a.sh");
    assert_eq!(server.end("-TERM").code(), Some(0));
    let wal = std::fs::metadata(queue.path("sparkq.db-wal"));
    assert_eq!(wal.map_or(0, |about| about.len()), 0);
    std::fs::remove_file(queue.path("sparkq.db-wal")).expect("removed");
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "queued");
}

#[test]
fn a_server_whose_database_is_removed_ends_and_says_so() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    for file in ["sparkq.db", "sparkq.db-wal", "sparkq.db-shm"] {
        let _ = std::fs::remove_file(queue.path(file));
    }
    let lost = queue.run([
        "enqueue",
        "run-bash",
        r#"{"script_path":"scripts/a.sh"}"#,
        "--stream",
        "auth",
    ]);
    assert!(lost.starts_with("exit: 1"), "{lost}");
    assert_eq!(server.ended().code(), Some(1));
    assert!(queue.run(["status"]).contains("there is no database at"));
}

#[test]
fn a_look_at_the_queue_waits_for_no_server_that_is_still_starting() {
    let queue = TestQueue::new();
    let lock = File::open(queue.path(".sparkq/run/sparkq.lock")).expect("setup has made it");
    lock.lock().expect("nobody has it");
    let asked = Instant::now();
    queue.ok(["tasks"]);
    assert!(asked.elapsed() < Duration::from_secs(4));
}
