use serde_json::Value;

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
