use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};

#[test]
fn a_page_of_another_host_can_neither_read_nor_write() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let foreign = server.get_with("/api/tasks", ("Host", "evil.example"));
    assert_eq!(
        (foreign.status, &foreign.body["code"]),
        (403, &json!("FOREIGN_HOST"))
    );
    let new = json!({"name": "x", "session_id": "s"});
    for origin in ["http://evil.example", "null"] {
        let foreign = server.post_with("/api/streams", ("Origin", origin), &new);
        assert_eq!(
            (foreign.status, &foreign.body["code"]),
            (403, &json!("FOREIGN_ORIGIN")),
            "{origin}"
        );
    }
    assert_eq!(
        server.get("/api/streams").body["total"],
        1,
        "nothing was made"
    );
    assert_eq!(
        server
            .post_with("/api/streams", ("Origin", "http://localhost:3000"), &new)
            .status,
        201
    );
}

#[test]
fn the_page_is_served_at_each_of_its_addresses_and_nowhere_in_the_api() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    for path in ["/", "/tasks", "/streams/auth"] {
        let Value::String(shell) = server.get(path).body else {
            panic!("{path} is no page")
        };
        assert!(shell.contains("<title>SparkQ</title>"), "{path}");
    }
    for path in [
        "/api",
        "/api/nothing",
        "/assets/nothing.js",
        "/../sparkq.toml",
        "/sparkq.toml",
    ] {
        assert_eq!(server.get(path).body["code"], "ROUTE_NOT_FOUND", "{path}");
    }
}
