//! What is done to many tasks at once: the count is agreed to before anything happens.

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};

/// Queues, claims and fails a task.
fn fail_one(server: &Server) -> String {
    let id = server.enqueue("scripts/a.sh");
    server.post("/api/streams/auth/claim", &Value::Null);
    let failed = server.post(
        &format!("/api/tasks/{id}/fail"),
        &json!({"error": "broken"}),
    );
    assert_eq!(failed.status, 200, "{failed:?}");
    id
}

#[test]
fn a_bulk_act_counts_first_and_then_does_what_was_agreed_to() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let failed = [fail_one(&server), fail_one(&server)];
    for path in ["/api/tasks/requeue", "/api/tasks/purge"] {
        let without = server.post(path, &json!({"filter": {}}));
        assert_eq!(
            (without.status, &without.body["code"]),
            (400, &"INVALID_VALUE".into())
        );
        let wrong = server.post(path, &json!({"filter": {}, "count": 1}));
        assert_eq!(
            (wrong.status, &wrong.body["code"]),
            (409, &"COUNT_DIFFERS".into())
        );
    }
    let filter = json!({"status": "failed", "stream": "auth"});
    let counted = server.post(
        "/api/tasks/requeue",
        &json!({"filter": filter, "dry_run": true}),
    );
    assert_eq!(counted.body, json!({"count": 2, "ids": []}));
    let done = server.post("/api/tasks/requeue", &json!({"filter": filter, "count": 2}));
    assert_eq!((done.status, &done.body["count"]), (200, &2.into()));
    let again = server.post(
        "/api/tasks/requeue",
        &json!({"filter": filter, "dry_run": true}),
    );
    assert_eq!(
        again.body["count"], 0,
        "a task with a live clone is not meant"
    );

    let counted = server.post(
        "/api/tasks/purge",
        &json!({"filter": filter, "dry_run": true}),
    );
    assert_eq!(counted.body["tasks"], 2);
    let purged = server.post("/api/tasks/purge", &json!({"filter": filter, "count": 2}));
    assert_eq!(
        purged.body,
        json!({"tasks": 2, "streams": 0, "sessions": 0})
    );
    for id in failed {
        assert_eq!(server.get(&format!("/api/tasks/{id}")).status, 404);
    }
    assert_eq!(
        server.get("/api/status").body["tasks"]["queued"],
        2,
        "the clones stay"
    );
}

#[test]
fn a_requeue_of_many_sent_again_with_its_key_is_done_once_and_answered_alike() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    for _ in 0..2 {
        fail_one(&server);
    }
    let (key, path) = (("Idempotency-Key", "many"), "/api/tasks/requeue");
    let counted = server.post_with(path, key, &json!({"filter": {}, "dry_run": true}));
    assert_eq!(
        counted.body["count"], 2,
        "what is only counted needs no key"
    );
    let real = json!({"filter": {}, "count": 2});
    let first = server.post_with(path, key, &real);
    assert_eq!((first.status, &first.body["count"]), (200, &2.into()));
    let again = server.post_with(path, key, &real);
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(server.get("/api/status").body["tasks"]["queued"], 2);
    let other = server.post_with(path, key, &json!({"filter": {}, "count": 0}));
    assert_eq!(
        (other.status, &other.body["code"]),
        (409, &"KEY_REUSED".into())
    );
}

#[test]
fn one_task_is_requeued_with_another_payload_and_cancelled() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = fail_one(&server);
    let payload = json!({"script_path": "scripts/b.sh"});
    let wrong = server.post(&format!("/api/tasks/{id}/requeue"), &json!({"payload": {}}));
    assert_eq!(
        (wrong.status, &wrong.body["code"]),
        (422, &"PAYLOAD_REJECTED".into())
    );
    let clone = server.post(
        &format!("/api/tasks/{id}/requeue"),
        &json!({"payload": payload}),
    );
    assert_eq!(
        (clone.status, &clone.body["requeued_from"]),
        (201, &id.as_str().into())
    );
    assert_eq!(clone.body["payload"]["script_path"], "scripts/b.sh");
    let clone = clone.body["id"].as_str().expect("an id").to_owned();
    let cancelled = server.post(
        &format!("/api/tasks/{clone}/cancel"),
        &json!({"reason": "no"}),
    );
    assert_eq!(
        (cancelled.status, &cancelled.body["error"]),
        (200, &"Cancelled: no".into())
    );
    let again = server.post(&format!("/api/tasks/{clone}/cancel"), &json!({}));
    assert_eq!(
        (again.status, &again.body["code"]),
        (409, &"WRONG_STATE".into())
    );
}

#[test]
fn a_request_sent_again_with_its_key_is_done_once() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = fail_one(&server);
    let key = ("Idempotency-Key", "once");
    let new = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/a.sh"}, "stream_id": "auth"});
    let first = server.post_with("/api/tasks", key, &new);
    let again = server.post_with("/api/tasks", key, &new);
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    std::fs::remove_file(queue.path("scripts/a.sh")).expect("removed");
    let again = server.post_with("/api/tasks", key, &new);
    assert_eq!(again.status, 201, "what is done is not checked again");
    queue.write("scripts/a.sh", "#!/bin/bash\n");
    let other = server.post_with(&format!("/api/tasks/{id}/requeue"), key, &json!({}));
    assert_eq!(
        (other.status, &other.body["code"]),
        (409, &"KEY_REUSED".into())
    );
    let key = ("Idempotency-Key", "twice");
    let clone = server.post_with(&format!("/api/tasks/{id}/requeue"), key, &json!({}));
    let again = server.post_with(&format!("/api/tasks/{id}/requeue"), key, &json!({}));
    assert_eq!(
        (clone.status, &clone.body["id"]),
        (again.status, &again.body["id"])
    );
}
