use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

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

/// A project whose server has a token, and more in its `[server]` table.
pub(crate) fn locked(more: &str) -> TestQueue {
    let queue = TestQueue::new();
    queue.write("token", "open-sesame-open\n");
    fs::set_permissions(queue.path("token"), fs::Permissions::from_mode(0o600)).expect("set");
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let server = format!("port = 0\ntoken_file = \"token\"\n{more}");
    queue.write("sparkq.toml", &config.replace("port = 0", &server));
    queue
}

#[test]
fn where_there_is_a_token_nobody_gets_in_without_it() {
    let queue = locked("");
    let server = Server::start(&queue);
    assert_eq!(server.get("/api/health").status, 200);
    assert_eq!(
        server.get("/").status,
        200,
        "the page holds nothing of the queue"
    );
    for path in [
        "/api/status",
        "/api/tasks",
        "/api/events",
        "/api/config",
        "/api/nothing",
    ] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
    let refused = server.post("/api/sessions", &json!({"name": "t"}));
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (401, &json!("UNAUTHORIZED"))
    );
    assert!(
        refused.body["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("Bearer"))
    );
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    for wrong in [
        "open-sesame-open",
        "Basic open-sesame-open",
        "Bearer open-sesame-ope",
        "Bearer  open-sesame-open",
        "Bearer",
    ] {
        assert_eq!(
            server
                .get_with("/api/tasks", ("Authorization", wrong))
                .status,
            401,
            "{wrong}"
        );
    }
    for right in ["Bearer open-sesame-open", "bearer open-sesame-open"] {
        assert_eq!(
            server
                .get_with("/api/tasks", ("Authorization", right))
                .status,
            200
        );
    }
    let origin = ("Origin", "http://evil.example");
    assert_eq!(
        server.post_with("/api/sessions", origin, &json!({})).status,
        403
    );
}

#[test]
fn commands_on_the_machine_itself_find_the_token_by_themselves() {
    let queue = locked("");
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    let id = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(queue.claim("auth")["id"], id.as_str());
    queue.ok(["reload"]);
    let stopped = queue.json(["stop", "--stream", "auth", "--json"]);
    assert_eq!(stopped["watchers"][0]["stream"], "auth");
    assert_eq!(queue.json(["status", "--json"])["watchers"], json!([]));
    let lock = fs::metadata(queue.path(".sparkq/run/sparkq.lock")).expect("there");
    assert_eq!(lock.permissions().mode() & 0o777, 0o600);
    queue.write("token", "another-one-of-them");
    let reloaded = queue.json(["reload", "--json"]);
    assert_eq!(
        reloaded["warnings"],
        json!(["the token has changed, which takes a restart of the server"])
    );
    assert_eq!(server.end("-TERM").code(), Some(0));
    let left = fs::read_to_string(queue.path(".sparkq/run/sparkq.lock")).expect("there");
    assert!(!left.contains("open-sesame-open"), "{left}");
}

#[test]
fn a_server_that_others_can_reach_has_a_token_or_does_not_start() {
    let queue = TestQueue::new();
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write("sparkq.toml", &config.replace("127.0.0.1", "0.0.0.0"));
    insta::assert_snapshot!(queue.run(["run", "--no-watch"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:7: [server] host: others can reach `0.0.0.0`, so the server needs a token
    Hint: make one: export SPARKQ_TOKEN=$(head -c 24 /dev/urandom | base64), or name a file with [server] token_file
    ");
    queue.ok(["tasks"]);

    let queue = locked("allowed_hosts = [\"dev.box\"]");
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write("sparkq.toml", &config.replace("127.0.0.1", "0.0.0.0"));
    let server = Server::start(&queue);
    for (host, status) in [("dev.box:1", 401), ("0.0.0.0", 401), ("evil.example", 403)] {
        assert_eq!(
            server.get_with("/api/tasks", ("Host", host)).status,
            status,
            "{host}"
        );
    }
    queue.enqueue("auth", "scripts/a.sh");
}

#[test]
fn a_token_that_others_can_read_is_refused_with_the_command_that_helps() {
    let queue = locked("");
    fs::set_permissions(queue.path("token"), fs::Permissions::from_mode(0o644)).expect("set");
    insta::assert_snapshot!(queue.run(["run", "--no-watch"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:9: [server] token_file: [FOLDER]/token has mode 0644, and a token is for its owner alone: 0600
    Hint: chmod 600 [FOLDER]/token
    ");
    queue.write("token", " \n");
    fs::set_permissions(queue.path("token"), fs::Permissions::from_mode(0o600)).expect("set");
    insta::assert_snapshot!(queue.run(["run", "--no-watch"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:9: [server] token_file: [FOLDER]/token is blank, and that opens no door
    Hint: make one: head -c 24 /dev/urandom | base64 > [FOLDER]/token
    ");
    let mut run = queue.command();
    run.env("SPARKQ_TOKEN", "open-sesame")
        .args(["run", "--no-watch"]);
    insta::assert_snapshot!(queue.show(&run.output().expect("it starts")), @"
    exit: 1
    ----- stderr -----
    Error: SPARKQ_TOKEN is too easily guessed: a token has at least 16 characters
    Hint: make one where the server runs: export SPARKQ_TOKEN=$(head -c 24 /dev/urandom | base64)
    ");
}

#[test]
fn whoever_guesses_the_token_is_answered_slowly_and_whoever_has_it_at_once() {
    let queue = locked("");
    let server = Server::start(&queue);
    let host = server.address.trim_start_matches("http://");
    let guess = |number: u32| {
        let mut client = TcpStream::connect(host).expect("it listens");
        let head = format!("GET /api/tasks HTTP/1.1\r\nHost: {host}\r\n");
        write!(client, "{head}Authorization: Bearer guess-{number}\r\n\r\n").expect("sent");
        client
    };
    // Alone, because nobody knows which of several comes first.
    let mut first = guess(0);
    first.read_exact(&mut [0; 12]).expect("an answer");
    let guesses: Vec<_> = (1..14).map(guess).collect();
    let right = ("Authorization", "Bearer open-sesame-open");
    assert_eq!(server.get_with("/api/tasks", right).status, 200);
    assert_eq!(
        server
            .fill_in("/login", "token=open-sesame-open", &[])
            .status,
        303
    );
    let unanswered = guesses.iter().filter(|client| {
        client.set_nonblocking(true).expect("set");
        client.peek(&mut [0]).is_err()
    });
    assert!(unanswered.count() > 5, "they wait for their turn");
    assert_eq!(server.end("-TERM").code(), Some(0), "and keep no server");
}

#[test]
fn pages_of_this_machines_other_servers_may_read_and_no_others() {
    let queue = locked("");
    let server = Server::start(&queue);
    let asked = "Access-Control-Request-Method";
    let preflight = |origin: &str| {
        server.ask(
            "OPTIONS",
            "/api/tasks",
            &[("Origin", origin), (asked, "PUT")],
        )
    };
    let answer = preflight("http://localhost:3000");
    assert_eq!(answer.status, 204);
    for (name, value) in [
        ("access-control-allow-origin", "http://localhost:3000"),
        ("access-control-allow-methods", "GET, POST, PUT, DELETE"),
        (
            "access-control-allow-headers",
            "content-type, authorization, idempotency-key, sparkq-actor, last-event-id",
        ),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let token = ("Authorization", "Bearer open-sesame-open");
    for origin in [
        "http://localhost:3000",
        "https://127.0.0.1:9",
        "http://[::1]:5",
    ] {
        let answer = server.ask("GET", "/api/tasks", &[("Origin", origin), token]);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(
            answer.header("access-control-expose-headers"),
            Some("sparkq-seq")
        );
        assert!(
            answer
                .header("vary")
                .is_some_and(|vary| vary.contains("origin"))
        );
        let refused = server.ask("GET", "/api/tasks", &[("Origin", origin)]);
        assert_eq!(refused.status, 401);
        assert_eq!(refused.header("access-control-allow-origin"), Some(origin));
    }
    for origin in [
        "http://evil.example",
        "null",
        "http://localhost.evil.example",
    ] {
        let answers = [
            server.ask("GET", "/api/tasks", &[("Origin", origin), token]),
            preflight(origin),
        ];
        for answer in answers {
            let told = |name: &String| name.starts_with("access-control");
            assert!(!answer.headers.keys().any(told), "{origin}: {answer:?}");
        }
    }
}
