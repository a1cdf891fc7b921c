use serde_json::json;

use crate::bench::{Server, TestQueue};

#[test]
fn sessions_and_streams_are_made_shown_and_listed() {
    let queue = TestQueue::with_no_session();
    let server = Server::start(&queue);
    let session = server.post(
        "/api/sessions",
        &json!({"name": "sprint-1", "description": "the first"}),
    );
    assert_eq!(
        (session.status, &session.body["status"]),
        (201, &json!("active"))
    );
    let new = json!({"name": "auth", "session_id": "sprint-1", "instructions": "be kind"});
    let stream = server.post("/api/streams", &new);
    assert_eq!(
        (stream.status, &stream.body["session_id"]),
        (201, &session.body["id"])
    );
    for given in ["auth", "AUTH", stream.body["id"].as_str().expect("an id")] {
        assert_eq!(
            server.get(&format!("/api/streams/{given}")).body["id"],
            stream.body["id"],
            "{given}"
        );
    }
    let list = server.get("/api/streams?session=sprint-1").body;
    assert_eq!(
        (&list["total"], &list["items"][0]["name"]),
        (&json!(1), &json!("auth"))
    );
    assert_eq!(
        server.get("/api/sessions").body["items"][0]["active_streams"],
        1
    );
    assert_eq!(server.post("/api/streams", &new).body["code"], "NAME_TAKEN");
    assert_eq!(server.get("/api/streams?session=nobody").status, 404);
    assert_eq!(
        server.get("/api/streams/nobody").body["code"],
        "STREAM_NOT_FOUND"
    );
}

#[test]
fn health_and_status_tell_how_things_stand() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    server.enqueue("scripts/a.sh");
    assert_eq!(
        server.get("/api/health").body,
        json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})
    );
    let status = server.get("/api/status");
    assert_eq!(
        status.body["tasks"],
        json!({"queued": 1, "running": 0, "succeeded": 0, "failed": 0})
    );
    assert_eq!(
        (
            &status.body["active_sessions"],
            &status.body["active_streams"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(status.seq, status.body["last_seq"].as_i64());
}
