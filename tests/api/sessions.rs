use serde_json::json;

use crate::bench::{Server, TestQueue};

#[test]
fn a_session_is_renamed_ended_and_reopened_and_its_streams_follow() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let renamed = server.put(
        "/api/sessions/s",
        &json!({"name": "sprint-1", "description": "Login"}),
    );
    assert_eq!(
        (renamed.status, &renamed.body["description"]),
        (200, &"Login".into())
    );
    let ended = server.put("/api/sessions/sprint-1", &json!({"status": "ended"}));
    assert_eq!(ended.body["status"], "ended");
    assert_eq!(server.get("/api/streams/auth").body["status"], "ended");
    let refused = server.put("/api/streams/auth", &json!({"status": "active"}));
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &"SESSION_ENDED".into())
    );
    server.put("/api/sessions/sprint-1", &json!({"status": "active"}));
    assert_eq!(server.get("/api/streams/auth").body["status"], "active");
}

#[test]
fn what_a_session_or_stream_cannot_be_is_refused_and_changes_nothing() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let before = server.get("/api/status").seq;
    for (path, body, status, code) in [
        (
            "/api/sessions/s",
            json!({"status": "over"}),
            400,
            "INVALID_VALUE",
        ),
        (
            "/api/sessions/s",
            json!({"name": "two words"}),
            400,
            "INVALID_VALUE",
        ),
        (
            "/api/sessions/s",
            json!({"names": "x"}),
            400,
            "INVALID_VALUE",
        ),
        (
            "/api/sessions/nobody",
            json!({"name": "x"}),
            404,
            "SESSION_NOT_FOUND",
        ),
        (
            "/api/streams/nobody",
            json!({"name": "x"}),
            404,
            "STREAM_NOT_FOUND",
        ),
        (
            "/api/streams/auth",
            json!({"name": ""}),
            400,
            "INVALID_VALUE",
        ),
        (
            "/api/streams/auth",
            json!({"instructions": "x".repeat(300 << 10)}),
            413,
            "TOO_LARGE",
        ),
    ] {
        let answer = server.put(path, &body);
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (status, &code.into()),
            "{path} {answer:?}"
        );
    }
    assert_eq!(server.get("/api/status").seq, before);
}
