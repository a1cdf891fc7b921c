use std::io::Read as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};

#[test]
fn an_empty_stream_gives_204_to_peek_and_claim() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    assert_eq!(server.get("/api/streams/auth/peek").status, 204);
    let claim = server.post("/api/streams/auth/claim", &Value::Null);
    let newest = server.get("/api/status").body["last_seq"].as_i64();
    assert_eq!(
        (claim.status, claim.seq, claim.body),
        (204, newest, Value::Null)
    );
    assert_eq!(
        server.post("/api/streams/nobody/claim", &Value::Null).body["code"],
        "STREAM_NOT_FOUND"
    );
}

#[test]
fn tasks_are_claimed_in_the_order_they_came_and_a_peek_changes_nothing() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let ids = ["scripts/a.sh", "scripts/b.sh"].map(|script| server.enqueue(script));
    for id in ids {
        assert_eq!(server.get("/api/streams/auth/peek").body["id"], id.as_str());
        assert_eq!(
            server.post("/api/streams/auth/claim", &Value::Null).body["id"],
            id.as_str()
        );
    }
}

#[test]
fn a_claim_that_waits_gets_the_task_that_is_queued_meanwhile() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut waiting = server.ask_raw("POST", "/api/streams/auth/claim?wait=1h&worker=patient");
    let id = server.enqueue("scripts/a.sh");
    let mut answer = vec![0; 64 << 10];
    let length = waiting.read(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains(&id),
        "{answer}"
    );
    assert_eq!(
        server.get(&format!("/api/tasks/{id}")).body["worker"],
        "patient"
    );
}

#[test]
fn a_wait_that_is_over_a_stream_that_ends_and_a_server_that_stops_each_end_a_wait() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    assert_eq!(
        server
            .post("/api/streams/auth/claim?wait=0", &Value::Null)
            .status,
        204
    );
    let wrong = server.post("/api/streams/auth/claim?wait=soon", &Value::Null);
    assert_eq!(
        (wrong.status, &wrong.body["code"]),
        (400, &"INVALID_VALUE".into())
    );

    let read = |mut waiting: std::net::TcpStream| {
        let mut answer = String::new();
        // A server that ends closes the connection behind its answer.
        waiting
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("set");
        let mut part = [0; 4096];
        while !answer.contains("\r\n\r\n") || !answer.ends_with('}') {
            let length = waiting.read(&mut part).expect("an answer");
            assert_ne!(length, 0, "{answer}");
            answer += &String::from_utf8_lossy(&part[..length]);
        }
        answer
    };
    let waiting = server.ask_raw("POST", "/api/streams/auth/claim?wait=1h");
    server.put("/api/streams/auth", &json!({"status": "ended"}));
    assert!(read(waiting).contains("STREAM_ENDED"));

    server.put("/api/streams/auth", &json!({"status": "active"}));
    let waiting = server.ask_raw("POST", "/api/streams/auth/claim?wait=1h");
    // Answered by the same threads, so by then the wait has begun or is about to.
    server.get("/api/status");
    let asked = Instant::now();
    assert_eq!(server.end("-TERM").code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert!(read(waiting).contains("SHUTTING_DOWN"));
}

#[test]
fn clients_that_hang_up_while_they_wait_lose_no_task() {
    const CLIENTS: usize = 40;
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let path = "/api/streams/auth/claim?wait=1h&worker=ghost";
    for number in 0..CLIENTS {
        // Nothing is queued yet, so it can only wait. A body that is not read would hide the hang-up behind it.
        drop(match number % 2 {
            0 => server.ask_raw("POST", path),
            _ => server.ask_raw_with_body("POST", path, "null"),
        });
        let id = server.enqueue("scripts/a.sh");
        // Had it been claimed for the client that has gone, it is released a moment later, which ends this wait.
        let claimed = server.post("/api/streams/auth/claim?wait=30s", &Value::Null);
        assert_eq!(
            (claimed.status, &claimed.body["id"]),
            (200, &id.as_str().into())
        );
    }
}

#[test]
fn a_claim_sent_again_with_its_key_gets_the_same_task() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let first = server.enqueue("scripts/a.sh");
    server.enqueue("scripts/b.sh");
    let claim = |key: &str| {
        server.post_with(
            "/api/streams/auth/claim",
            ("Idempotency-Key", key),
            &Value::Null,
        )
    };
    assert_eq!(claim("k1").body["id"], first.as_str());
    assert_eq!(claim("k1").body["id"], first.as_str());
    assert_ne!(claim("k2").body["id"], first.as_str());
    let elsewhere = server.post_with(
        "/api/streams/auth/claim?worker=other",
        ("Idempotency-Key", "k1"),
        &Value::Null,
    );
    assert_eq!(
        (elsewhere.status, &elsewhere.body["code"]),
        (409, &"KEY_REUSED".into())
    );
    let give_back = |stream: &str, key: &str| {
        let path = format!("/api/streams/{stream}/claim?worker=api&key={key}");
        server.delete(&path)
    };
    for _ in 0..2 {
        let answer = give_back("auth", "k1");
        assert_eq!(
            (answer.status, &answer.body),
            (200, &json!({"released": true})),
            "however often it was handed out, and asked back"
        );
    }
    assert_eq!(claim("k1").status, 204, "it is over and done with");
    assert_eq!(
        give_back("auth", "k3").body,
        json!({"released": false}),
        "nobody used it"
    );
    let by_id = server.get("/api/streams/auth").body["id"].clone();
    let by_id = give_back(by_id.as_str().expect("an id"), "k2");
    assert_eq!(
        (by_id.status, &by_id.body["code"]),
        (409, &"KEY_REUSED".into())
    );
    for no_key in ["", "a%20key", &"k".repeat(256)] {
        let odd = give_back("auth", no_key);
        assert_eq!(
            (odd.status, &odd.body["code"]),
            (400, &"INVALID_VALUE".into()),
            "{no_key}"
        );
    }
    let odd = claim("a key");
    assert_eq!(
        (odd.status, &odd.body["code"]),
        (400, &"INVALID_VALUE".into())
    );
}
