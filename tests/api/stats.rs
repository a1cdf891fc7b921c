use serde_json::{Value, json};

use crate::bench::{Server, TestQueue, until};

#[test]
fn statistics_count_what_happened_in_each_bucket_up_to_now() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = server.enqueue("scripts/a.sh");
    server.post("/api/streams/auth/claim", &Value::Null);
    server.post(
        &format!("/api/tasks/{id}/complete"),
        &json!({"result": {"summary": "done"}}),
    );
    let stats = server.get("/api/stats?since=1h&stream=auth").body;
    assert_eq!(stats["bucket_seconds"], 300);
    let buckets = stats["buckets"].as_array().expect("buckets");
    assert!((12..=14).contains(&buckets.len()), "{}", buckets.len());
    let sum = |name: &str| {
        buckets
            .iter()
            .filter_map(|bucket| bucket[name].as_u64())
            .sum::<u64>()
    };
    assert_eq!(
        (sum("enqueued"), sum("succeeded"), sum("failed")),
        (1, 1, 0)
    );
    assert!(
        buckets
            .iter()
            .any(|bucket| bucket["run_ms"]["median"].is_i64())
    );
    let wrong = server.get("/api/stats?since=tomorrow");
    assert_eq!(
        (wrong.status, &wrong.body["code"]),
        (400, &"INVALID_VALUE".into())
    );
}

#[test]
fn what_is_searched_for_is_found_once_the_search_has_caught_up() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    server.enqueue("scripts/a.sh");
    assert_eq!(server.get("/api/tasks?q=a%00b").status, 200);
    let id = server.enqueue("scripts/b.sh");
    until("the search has caught up", || {
        let found = server.get("/api/tasks?q=b.sh").body;
        found["total"] == 1 && found["items"][0]["id"] == id.as_str()
    });
}
