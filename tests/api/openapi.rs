use crate::bench::{Server, TestQueue, kept_in};

#[test]
fn the_document_is_the_one_that_is_checked_in() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let document = server.get("/api/openapi.json");
    assert_eq!(document.status, 200);
    kept_in("tests/api/openapi.json", &format!("{:#}\n", document.body));
    let etag = document.header("etag").expect("an ETag");
    let again = server.get_with("/api/openapi.json", ("If-None-Match", etag));
    assert_eq!((again.status, again.body), (304, serde_json::Value::Null));
}

#[test]
fn every_answer_of_json_names_the_newest_event_errors_too() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let started = server.get("/api/tasks/tsk_00000000");
    assert_eq!((started.status, started.seq), (404, Some(2)));
    server.enqueue("scripts/a.sh");
    for (method, path, status) in [
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/tasks", 405),
        ("POST", "/tasks", 405),
        ("POST", "/api/tasks", 415),
        ("GET", "/api/tasks?cursor=-1", 400),
        ("GET", "/api/events?after=-1", 400),
        ("GET", "/api/openapi.json", 200),
    ] {
        let answer = server.ask(method, path, &[]);
        assert_eq!(
            (answer.status, answer.seq),
            (status, Some(3)),
            "{method} {path}"
        );
    }
    let foreign = server.get_with("/api/tasks", ("Host", "evil.example"));
    assert_eq!((foreign.status, foreign.seq), (403, Some(0)));
}

#[test]
fn head_works_where_get_does_and_a_wrong_method_is_told_the_right_ones() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    for path in [
        "/api/health",
        "/api/tasks",
        "/api/streams/auth",
        "/api/openapi.json",
        "/api/docs",
        "/",
    ] {
        let (head, get) = (server.ask("HEAD", path, &[]), server.get(path));
        assert_eq!(
            (head.status, head.body),
            (200, serde_json::Value::Null),
            "{path}"
        );
        assert_eq!(
            head.headers.get("content-length"),
            get.headers.get("content-length"),
            "{path}"
        );
    }
    for (path, allowed) in [
        ("/api/health", "GET,HEAD"),
        ("/api/streams/auth/claim", "POST,DELETE"),
        ("/api/streams", "GET,HEAD,POST"),
        ("/api/streams/auth", "GET,HEAD,PUT"),
        ("/streams", "GET,HEAD"),
    ] {
        let answer = server.ask("PATCH", path, &[]);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some(allowed)),
            "{path}"
        );
    }
}
