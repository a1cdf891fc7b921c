use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};

#[test]
fn a_task_goes_from_enqueue_to_complete_with_its_output() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = server.enqueue("scripts/a.sh");
    let claimed = server.post("/api/streams/auth/claim?worker=w1", &Value::Null);
    assert_eq!((claimed.status, &claimed.body["id"]), (200, &json!(id)));
    assert_eq!(
        claimed.body["stream"]["instructions"],
        "Keep the tests green."
    );
    let done = json!({"result": {"summary": "3 of 3 pass", "exit_code": 0}, "stdout": "a\n", "stderr": ""});
    let completed = server.post(&format!("/api/tasks/{id}/complete"), &done);
    assert_eq!(
        (completed.status, &completed.body["status"]),
        (200, &json!("succeeded"))
    );
    let task = server.get(&format!("/api/tasks/{id}")).body;
    assert_eq!(task["result"]["summary"], "3 of 3 pass");
    assert_eq!(
        (&task["stdout"], &task["worker"]),
        (&json!("a\n"), &json!("w1"))
    );
    let kinds: Vec<_> = task["history"]["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| &event["kind"])
        .collect();
    assert_eq!(kinds, ["task.enqueued", "task.claimed", "task.completed"]);
    assert_eq!(
        server.get("/api/tasks").body["items"][0].get("stdout"),
        None,
        "a list leaves the outputs out"
    );
}

#[test]
fn a_failed_task_keeps_its_error() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = server.enqueue("scripts/a.sh");
    let fail = json!({"error": "exit code 2", "stderr": "boom"});
    let early = server.post(&format!("/api/tasks/{id}/fail"), &fail);
    assert_eq!(
        (early.status, &early.body["code"]),
        (409, &json!("WRONG_STATE"))
    );
    server.post("/api/streams/auth/claim", &Value::Null);
    assert_eq!(
        server.post(&format!("/api/tasks/{id}/fail"), &fail).body["error"],
        "exit code 2"
    );
    let late = server.post(
        &format!("/api/tasks/{id}/complete"),
        &json!({"result": {"summary": "late"}}),
    );
    assert_eq!(
        (late.status, &late.body["code"]),
        (409, &json!("WRONG_STATE"))
    );
}

#[test]
fn a_mistyped_script_is_a_422_with_pointer_and_nearest_paths_and_nothing_is_written() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let before = server.get("/api/status").body;
    let body = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/aa.sh"}, "stream_id": "auth"});
    let refused = server.post("/api/tasks", &body);
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (422, &json!("PAYLOAD_REJECTED"))
    );
    let field = &refused.body["fields"][0];
    assert_eq!(
        (&field["path"], &field["code"]),
        (&json!("/script_path"), &json!("not-found"))
    );
    assert_eq!(field["suggestion"], "scripts/a.sh");
    assert_eq!(server.get("/api/status").body, before);
}

#[test]
fn a_batch_is_taken_whole_or_not_at_all() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let task = |script: &str| json!({"tool_name": "run-bash", "payload": {"script_path": script}, "stream_id": "auth"});
    let good = server.post(
        "/api/tasks/batch",
        &json!({"tasks": [task("scripts/a.sh"), task("scripts/b.sh")]}),
    );
    assert_eq!(
        (good.status, good.body["ids"].as_array().map(Vec::len)),
        (201, Some(2))
    );
    let lines = format!("{}\n{}\n", task("scripts/a.sh"), task("scripts/typo.sh"));
    let bad = server.post_text("/api/tasks/batch", "application/x-ndjson", &lines);
    assert_eq!(bad.status, 422);
    assert!(
        bad.body["error"]
            .as_str()
            .is_some_and(|error| error.starts_with("line 2: ")),
        "{bad:?}"
    );
    assert_eq!(server.get("/api/tasks").body["total"], 2);
}

#[test]
fn the_list_comes_in_pages_newest_first() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let mut ids: Vec<_> = (0..5).map(|_| server.enqueue("scripts/a.sh")).collect();
    ids.reverse();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server
            .get(&format!("/api/tasks?limit=2&status=queued{cursor}"))
            .body;
        assert_eq!(page["total"], 5);
        seen.extend(
            page["items"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|task| task["id"].as_str().expect("an id").to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, to be read as a page")]
fn what_is_malformed_is_refused_with_a_code_and_never_a_5xx() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let good =
        r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"},"stream_id":"auth"}"#;
    let json = "application/json";
    let deep = format!(
        r#"{{"tool_name":"run-bash","stream_id":"auth","payload":{}{}}}"#,
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(17 << 20));
    let cases: &[(&str, &str, &str, u16, &str)] = &[
        ("/api/tasks", json, "", 400, "INVALID_JSON"),
        ("/api/tasks", json, "[]", 400, "INVALID_VALUE"),
        (
            "/api/tasks/batch",
            json,
            r#"{"tasks":[["run-bash",{},"auth",5]]}"#,
            400,
            "INVALID_VALUE",
        ),
        ("/api/tasks", json, "{", 400, "INVALID_JSON"),
        ("/api/tasks", json, &deep, 400, "INVALID_JSON"),
        (
            "/api/tasks",
            json,
            r#"{"tool_name":"a","tool_name":"b"}"#,
            400,
            "INVALID_JSON",
        ),
        ("/api/tasks", json, "{}", 400, "INVALID_VALUE"),
        (
            "/api/tasks",
            json,
            &good.replace("stream_id", "stream"),
            400,
            "INVALID_VALUE",
        ),
        (
            "/api/tasks",
            json,
            &good.replace("auth", "nobody"),
            404,
            "STREAM_NOT_FOUND",
        ),
        (
            "/api/tasks",
            json,
            &good.replace("run-bash", "run-bsh"),
            404,
            "TOOL_NOT_FOUND",
        ),
        (
            "/api/tasks",
            json,
            &good.replace(r#"{"script_path":"scripts/a.sh"}"#, "7"),
            400,
            "INVALID_JSON",
        ),
        (
            "/api/tasks",
            "text/plain",
            good,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        ("/api/tasks", json, &large, 413, "TOO_LARGE"),
        (
            "/api/tasks/tsk_00000000/complete",
            json,
            r#"{"result":{"summary":"x"}}"#,
            404,
            "TASK_NOT_FOUND",
        ),
        (
            "/api/tasks/%FF/complete",
            json,
            r#"{"result":{"summary":"x"}}"#,
            400,
            "INVALID_VALUE",
        ),
        ("/api/nothing", json, "{}", 404, "ROUTE_NOT_FOUND"),
        ("/api/health", json, "{}", 405, "METHOD_NOT_ALLOWED"),
        ("/tasks", json, "{}", 405, "METHOD_NOT_ALLOWED"),
    ];
    for (path, kind, body, status, code) in cases {
        let answer = server.post_text(path, kind, body);
        let shown: String = body.chars().take(80).collect();
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (*status, &json!(code)),
            "{path} {shown}"
        );
    }
    for query in [
        "limit=0",
        "limit=x",
        "status=done",
        "cursor=x",
        "colour=red",
        "stale=maybe",
    ] {
        let answer = server.get(&format!("/api/tasks?{query}"));
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (400, &json!("INVALID_VALUE")),
            "{query}"
        );
    }
    assert_eq!(server.get("/api/tasks").body["total"], 0);
}
