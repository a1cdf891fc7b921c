use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::bench::{Server, TestQueue};

#[test]
fn every_value_in_force_is_told_with_where_it_came_from_and_no_secret() {
    let queue = TestQueue::new();
    queue.write("token", "open-sesame-open\n");
    fs::set_permissions(queue.path("token"), fs::Permissions::from_mode(0o600)).expect("set");
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write(
        "sparkq.toml",
        &config.replace("port = 0", "port = 0\ntoken_file = \"token\""),
    );
    let server = Server::start(&queue);
    let answer = server.get_with("/api/config", ("Authorization", "Bearer open-sesame-open"));
    assert_eq!(answer.status, 200);
    let told = |key: &str| {
        let items = answer.body["items"].as_array().expect("a list");
        items
            .iter()
            .find(|item| item["key"] == key)
            .cloned()
            .expect(key)
    };
    let file = answer.body["file"].clone();
    assert!(
        file.as_str()
            .is_some_and(|file| file.ends_with("/sparkq.toml"))
    );
    assert_eq!(
        told("server.token_file"),
        json!({"key": "server.token_file", "value": "token", "source": file, "line": 9})
    );
    assert_eq!(
        told("watch.idle_poll"),
        json!({"key": "watch.idle_poll", "value": 60, "source": "default"})
    );
    assert_eq!(told("task_classes.LLM_HEAVY.timeout")["value"], 900);
    assert!(!answer.body.to_string().contains("open-sesame-open"));
}
