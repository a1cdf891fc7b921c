use std::fs;

use serde_json::json;

use crate::bench::{Server, TestQueue};

const PAYLOAD: &str = r#"{"script_path":"scripts/b.sh"}"#;

fn edit(queue: &TestQueue, from: &str, to: &str) {
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    assert!(config.contains(from), "{config}");
    queue.write("sparkq.toml", &config.replace(from, to));
}

#[test]
fn a_reload_takes_over_configuration_tools_and_scripts_without_a_restart() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    queue.write("more/c.sh", "#!/bin/bash\necho c\n");
    edit(
        &queue,
        "dirs = [\"scripts\"]",
        "dirs = [\"scripts\", \"more\"]",
    );
    edit(
        &queue,
        "[project]",
        "[tools.build]\nuses = \"run-bash\"\ntimeout = 7\n\n[project]",
    );
    let build = ["enqueue", "build", PAYLOAD, "--stream", "auth"];
    assert!(
        queue.run(build).contains("tool `build` was not found"),
        "not before"
    );

    let reloaded = queue.json(["reload", "--json"]);
    assert_eq!(reloaded, json!({"warnings": [], "tools": 10, "scripts": 3}));
    queue.ok(build);
    assert_eq!(queue.claim("auth")["timeout"], 7);
    queue.enqueue("auth", "more/c.sh");
    insta::assert_snapshot!(queue.run(["reload", "-v"]), @"
    exit: 0
    ----- stderr -----
    The server has read everything anew: 10 tools, 3 scripts.
    ");
    let mut events = server.follow("/api/events?after=0");
    assert!(events.any(|line| line == "event: config.reloaded"));
    let told = r#""kind":"config.reloaded","actor":"tester""#;
    assert!(events.next().is_some_and(|data| data.contains(told)));
}

#[test]
fn when_any_of_the_three_is_broken_the_server_keeps_what_it_has() {
    let queue = TestQueue::new();
    edit(
        &queue,
        "[project]",
        "[tools.build]\nuses = \"run-bash\"\ntimeout = 7\n\n[project]",
    );
    let server = Server::start(&queue);
    let whole = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write("file", "");
    let broken = [
        whole.replace("[project]", "[projet]"),
        whole.replace("uses = \"run-bash\"", "uses = \"run-bsh\""),
        whole.replace("dirs = [\"scripts\"]", "dirs = [\"scripts\", \"file\"]"),
    ];
    let mut shown = String::new();
    for text in broken {
        queue.write("sparkq.toml", &text);
        let answer = server.post("/api/reload", &json!({}));
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (400, &json!("CONFIG_INVALID"))
        );
        let error = answer.body["error"].as_str().expect("text");
        shown += &error[error.rfind('/').expect("a path")..];
        shown += "\n";
        queue.write("sparkq.toml", &whole.replace("timeout = 7", "timeout = 8"));
        let queued = queue.ok(["enqueue", "build", PAYLOAD, "--stream", "auth"]);
        assert_eq!(
            server.get(&format!("/api/tasks/{queued}")).body["timeout"],
            7,
            "{text}"
        );
    }
    insta::assert_snapshot!(shown, @"
    /sparkq.toml:5:2: unknown table [projet]; did you mean `project`?
    /sparkq.toml:2: [tools.build] uses: there is no tool `run-bsh`; there are `run-bash`, `run-bash-fast`, `run-python`, `llm-haiku`, `llm-sonnet`, `summarize`, `delegate-codex`, `validate-outputs`, `validate-integration`
    /sparkq.toml:21: [scripts] dirs: `file` cannot be read: Not a directory (os error 20)
    ");
    let kinds = server.get("/api/config").body;
    assert!(kinds["items"].to_string().contains("tools.build.timeout"));
}

#[test]
fn what_only_a_restart_can_change_is_said_and_stays() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    edit(&queue, "port = 0", "port = 1");
    edit(&queue, "host = \"127.0.0.1\"", "host = \"::1\"");
    fs::create_dir(queue.path("data")).expect("made");
    let reloaded = server.post("/api/reload", &json!({})).body;
    insta::assert_snapshot!(reloaded, @r#"{"warnings":["[server] host has changed, which takes a restart of the server","[server] port has changed, which takes a restart of the server"],"tools":9,"scripts":2}"#);
    edit(&queue, "path = \"sparkq.db\"", "path = \"data/sparkq.db\"");
    let reloaded = server.post("/api/reload", &json!({})).body;
    assert!(
        reloaded["warnings"]
            .to_string()
            .contains("[database] path has changed")
    );
    let status = server.get("/api/status").body;
    assert!(
        status["warnings"]
            .to_string()
            .contains("[database] path has changed")
    );
    assert_eq!(
        server.post("/api/sessions", &json!({"name": "t"})).status,
        201
    );
}

#[test]
fn without_a_server_a_reload_checks_all_three_and_says_that_nobody_was_told() {
    let queue = TestQueue::new();
    insta::assert_snapshot!(queue.run(["reload", "-v"]), @"
    exit: 0
    ----- stderr -----
    All is well: 9 tools, 2 scripts. There is no server to tell.
    ");
    edit(&queue, "dirs = [\"scripts\"]", "dirs = [\"scripts/a.sh\"]");
    insta::assert_snapshot!(queue.run(["reload"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:17: [scripts] dirs: `scripts/a.sh` cannot be read: Not a directory (os error 20)
    ");
}
