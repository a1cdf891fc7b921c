use crate::bench::{Server, TestQueue};

/// Whether a command started wasmtime, as its log tells.
fn starts_wasmtime<const N: usize>(queue: &TestQueue, args: [&str; N]) -> bool {
    let output = queue
        .command()
        .env("SPARKQ_LOG", "sparkq_runtime=debug")
        .args(args)
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{args:?}");
    String::from_utf8_lossy(&output.stderr).contains("wasmtime engine started")
}

#[test]
fn only_a_command_that_needs_a_plugin_starts_wasmtime() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    let payload = r#"{"script_path":"scripts/a.sh"}"#;
    assert!(
        starts_wasmtime(&queue, ["enqueue", "run-bash", payload, "--stream", "auth"]),
        "the log does tell"
    );
    assert!(!starts_wasmtime(&queue, ["session", "create", "t"]));
    assert!(!starts_wasmtime(&queue, ["session", "list"]));
    assert!(!starts_wasmtime(
        &queue,
        ["stream", "create", "docs", "--session", "s"]
    ));
    assert!(!starts_wasmtime(&queue, ["stream", "list"]));
    assert!(!starts_wasmtime(&queue, ["peek", "--stream", "auth"]));
    assert!(!starts_wasmtime(&queue, ["claim", "--stream", "auth"]));
    assert!(!starts_wasmtime(&queue, ["tasks"]));
    assert!(!starts_wasmtime(&queue, ["task", &id]));
    assert!(
        starts_wasmtime(&queue, ["complete", &id, "--summary", "done"]),
        "its plugin judges results"
    );
    queue.ok(["claim", "--stream", "auth"]);
    let next = queue.enqueue("auth", "scripts/a.sh");
    queue.ok(["claim", "--stream", "auth"]);
    assert!(!starts_wasmtime(&queue, ["fail", &next, "--error", "no"]));
}

#[test]
fn beside_a_server_a_command_has_the_servers_plugins_do_the_work() {
    let queue = TestQueue::new();
    let payload = r#"{"script_path":"scripts/a.sh"}"#;
    let enqueue = ["enqueue", "run-bash", payload, "--stream", "auth"];
    let server = Server::start(&queue);
    assert!(
        !starts_wasmtime(&queue, enqueue),
        "the write went to the server"
    );
    let direct = [
        "--direct", "enqueue", "run-bash", payload, "--stream", "auth",
    ];
    assert!(starts_wasmtime(&queue, direct), "unless it is told not to");
    drop(server);
    assert!(
        starts_wasmtime(&queue, enqueue),
        "and without one it does all of it itself"
    );
}

#[test]
fn plugins_that_came_with_sparkq_may_look_at_the_project_where_they_ask_and_at_nothing_else() {
    let queue = TestQueue::new();
    let plugins = queue.json(["plugin", "list", "--json"]);
    let plugins = plugins["items"].as_array().expect("plugins");
    let told: Vec<String> = plugins
        .iter()
        .map(|plugin| format!("{} {}", plugin["name"], plugin["grants"]))
        .collect();
    assert_eq!(
        told,
        [
            r#""checks" ["files:project"]"#,
            r#""llm" ["files:project"]"#,
            r#""script-index" []"#,
            r#""scripts" ["files:project"]"#,
        ]
    );
}

#[test]
fn what_lies_behind_a_link_out_of_the_project_is_nobodys_business() {
    let queue = TestQueue::new();
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("notes.md"), "secret").expect("written");
    std::os::unix::fs::symlink(outside.path(), queue.path("notes")).expect("a link");
    let enqueue = |file: &str| {
        let payload = format!(r#"{{"prompt":"p","context_files":["notes/{file}"]}}"#);
        queue.ok(["enqueue", "llm-haiku", &payload, "--stream", "auth"]);
    };
    // Neither what is there nor what is not can be told apart, so nothing is said of either.
    enqueue("notes.md");
    enqueue("none.md");
}
