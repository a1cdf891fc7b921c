//! Commands beside a live server, and what a server leaves behind.

use crate::bench::{Server, TestQueue};

#[test]
fn commands_go_to_the_live_server_and_answer_as_they_do_without_one() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(queue.claim("auth")["id"], id.as_str());
    insta::assert_snapshot!(queue.run(["complete", &id, "--result", "{}"]), @r#"
    exit: 1
    ----- stderr -----
    Error: result.summary is required (string)
    Hint: --result '{"summary":"what was done"}', or --summary "what was done"
    "#);
    queue.ok(["complete", &id, "--summary", "done"]);
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auht"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `auht` was not found; there is `auth`
    Hint: see all streams: sparkq stream list
    ");
    insta::assert_snapshot!(queue.run(["complete", "../../health", "--summary", "x"]), @"
    exit: 1
    ----- stderr -----
    Error: task `../../health` was not found
    Hint: see all tasks: sparkq tasks
    ");
    assert_eq!(queue.ok(["claim", "--stream", "auth"]), "");
    drop(server);
}

#[test]
fn a_second_server_is_refused_and_told_where_the_first_one_is() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let refused = queue.run(["run", "--no-watch"]);
    assert!(refused.starts_with("exit: 1\n"), "{refused}");
    assert!(
        refused.contains(&format!(
            "a server of this project is running already at {}",
            server.address
        )),
        "{refused}"
    );
}

#[test]
fn a_server_that_is_asked_to_end_ends_with_0_even_with_a_reader_of_events() {
    let queue = TestQueue::new();
    for signal in ["-TERM", "-INT"] {
        let server = Server::start(&queue);
        let mut events = server.follow("/api/events?after=0");
        assert!(
            events.next().is_some_and(|line| line.starts_with("id: 1")),
            "the reader is there"
        );
        assert_eq!(server.end(signal).code(), Some(0), "{signal}");
        assert!(events.last().is_some(), "the stream ends too");
    }
    queue.enqueue("auth", "scripts/a.sh");
}

#[test]
fn the_server_is_told_who_acts_whatever_the_name() {
    let queue = TestQueue::new();
    let _server = Server::start(&queue);
    let id = queue.enqueue("auth", "scripts/a.sh");
    let name = "Zoë ✨ 100%\t\"x\"";
    let run = |args: &[&str]| {
        let output = queue
            .command()
            .env("SPARKQ_WORKER", name)
            .args(args)
            .output();
        assert!(output.expect("it starts").status.success(), "{args:?}");
    };
    run(&["claim", "--stream", "auth"]);
    run(&["complete", &id, "--summary", "done"]);
    let task = queue.json(["task", &id, "--json"]);
    assert_eq!(task["worker"], name);
    let events = task["history"]["events"].as_array().expect("events");
    let actors: Vec<_> = events.iter().map(|event| &event["actor"]).collect();
    assert_eq!(actors, ["tester", name, name]);
}
