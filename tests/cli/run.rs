//! Starting the server with its watchers, in the foreground and in the background.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::bench::{Server, TestQueue, until};

/// Ends what a test has started in the background, however the test ends.
struct Ended<'a>(&'a TestQueue);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        let _ = self.0.output(["stop"]);
    }
}

/// The streams that are watched.
fn watched(queue: &TestQueue) -> Vec<String> {
    let status = queue.json(["status", "--json"]);
    let watchers = status["watchers"].as_array().expect("a list");
    watchers
        .iter()
        .map(|watcher| watcher["stream"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn without_a_terminal_run_wants_to_be_told_what_to_watch() {
    let queue = TestQueue::new();
    insta::assert_snapshot!(queue.run(["run"]), @"
    exit: 1
    ----- stderr -----
    Error: run asks which stream to watch, and this is no terminal: give --session or --no-watch
    Hint: sparkq run --session SESSION, or without watchers: sparkq run --no-watch
    ");
    insta::assert_snapshot!(queue.run(["run", "--session", "sprint"]), @"
    exit: 1
    ----- stderr -----
    Error: session `sprint` was not found; there is `s`
    Hint: see all sessions: sparkq session list
    ");
    queue.ok(["session", "end", "s"]);
    insta::assert_snapshot!(queue.run(["run", "--session", "s"]), @"
    exit: 1
    ----- stderr -----
    Error: session `s` is ended
    Hint: reopen it: sparkq session reopen [ID]
    ");
}

#[test]
fn a_session_is_watched_with_the_streams_that_are_made_later_until_they_end() {
    let queue = TestQueue::new();
    queue.ok(["session", "create", "other"]);
    queue.ok(["stream", "create", "elsewhere", "--session", "other"]);
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    assert_eq!(watched(&queue), ["auth"]);
    let id = queue.ok(["stream", "create", "docs", "--session", "s"]);
    until("the new stream is watched", || {
        watched(&queue) == ["auth", "docs"]
    });
    queue.ok(["stream", "end", &id]);
    until("the ended stream is not", || watched(&queue) == ["auth"]);
    queue.ok(["--direct", "stream", "reopen", &id]);
    until("the reopened stream is", || {
        watched(&queue) == ["auth", "docs"]
    });
    let status = server.get("/api/status").body;
    assert_eq!(status["server"]["address"], server.address);
    assert_eq!(status["watchers"][0]["in_server"], true);
    assert_eq!(status["watchers"][0]["pid"], server.pid());
    assert_eq!(server.end("-TERM").code(), Some(0));
    assert!(!queue.path(".sparkq/run/auth.pipe").exists());
    assert!(watched(&queue).is_empty());
}

#[test]
fn a_stream_with_a_new_name_is_watched_under_it() {
    let queue = TestQueue::new();
    let _server = Server::start_with(&queue, ["run", "--session", "s"]);
    let mut alone = queue.command();
    queue.ok(["session", "create", "t"]);
    queue.ok(["stream", "create", "docs", "--session", "t"]);
    let mut alone = alone.args(["watch", "docs"]).spawn().expect("it starts");
    let _ended = Ended(&queue);
    until("both are watched", || watched(&queue) == ["auth", "docs"]);
    queue.ok(["stream", "edit", "auth", "--name", "login"]);
    queue.ok(["stream", "edit", "docs", "--name", "guides"]);
    until("both are watched under their names", || {
        watched(&queue) == ["guides", "login"]
    });
    assert!(queue.path(".sparkq/run/login.pipe").exists());
    assert!(!queue.path(".sparkq/run/auth.pipe").exists());
    queue.ok(["stop"]);
    assert_eq!(alone.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_worker_is_woken_by_the_server_whoever_queued_the_task() {
    let queue = TestQueue::new();
    let _server = Server::start_with(&queue, ["run", "--session", "s"]);
    for args in [&["enqueue"][..], &["--direct", "enqueue"]] {
        let flag = queue.path(".sparkq/run/auth.done");
        fs::write(&flag, "").expect("written");
        let mut head = Command::new("timeout");
        head.arg("60").arg("head").arg("-1");
        head.arg(queue.path(".sparkq/run/auth.pipe"));
        let head = head.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut command = queue.command();
        command.args(args).args(["run-bash", "--stream", "auth"]);
        let queued = command.arg(r#"{"script_path":"scripts/a.sh"}"#).output();
        assert!(queued.expect("it starts").status.success());
        let woken = head.wait_with_output().expect("it ends");
        assert_eq!(woken.stdout, b"wake\n");
        until("the flag is taken down", || !flag.exists());
        queue.claim("auth");
    }
}

#[test]
fn in_the_background_the_server_outlives_the_command_and_says_why_when_it_does_not_start() {
    let queue = TestQueue::new();
    let _ended = Ended(&queue);
    let address = queue.ok(["run", "--session", "s", "--detach"]);
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    assert_eq!(
        queue.json(["status", "--json"])["server"]["address"],
        address
    );
    assert_eq!(watched(&queue), ["auth"]);
    let refused = queue.run(["run", "--no-watch", "--detach"]);
    assert!(refused.contains("Error: a server of this project is running already at"));
    assert!(refused.contains(&address), "{refused}");
    queue.ok(["stop"]);

    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("there");
    let config = config.replace("port = 0", &format!("port = {port}"));
    queue.write("sparkq.toml", &config);
    let refused = queue.run(["run", "--no-watch", "--detach"]);
    assert!(
        refused.contains(&format!("Error: cannot listen on 127.0.0.1:{port}: ")),
        "{refused}"
    );
    assert!(refused.contains("\nHint: end the program that uses the port"));
}

#[test]
fn a_server_removes_what_dead_watchers_left_and_whoever_waits_there_sees_the_end() {
    let queue = TestQueue::new();
    fs::create_dir_all(queue.path(".sparkq/run")).expect("made");
    let pipe = queue.path(".sparkq/run/gone.pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is there").success());
    queue.write(".sparkq/run/auth.done", "");
    let mut head = Command::new("timeout");
    let head = head.arg("60").arg("head").arg(&pipe).spawn();
    let _server = Server::start(&queue);
    assert!(!pipe.exists() && !queue.path(".sparkq/run/auth.done").exists());
    head.expect("it starts").wait().expect("it ends");
}

#[test]
fn a_person_is_shown_the_instructions_of_what_is_watched() {
    let queue = TestQueue::new();
    let _ended = Ended(&queue);
    let address = queue.run(["run", "--session", "s", "--detach", "--verbose"]);
    let (_, told) = address.split_once("----- stderr -----").expect("both");
    insta::assert_snapshot!(told, @"

    Watching `auth`: 0 queued.
      Keep the tests green.
    The server runs in the background. End it: sparkq stop
    ");
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_terminal_run_asks_for_session_and_stream_and_takes_what_is_the_only_one() {
    let queue = TestQueue::new();
    let _ended = Ended(&queue);
    queue.ok(["stream", "create", "docs", "--session", "s"]);
    queue.enqueue("auth", "scripts/a.sh");
    let mut script = Command::new("script");
    let program = queue.command();
    let run = format!("{} run --detach", program.get_program().display());
    script.args(["-qec", &run, "/dev/null"]).env_clear();
    script.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    script.env("TERM", "xterm").env("PATH", "/usr/bin:/bin");
    script
        .current_dir(queue.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut script = script.spawn().expect("script is there");
    let keys = script.stdin.as_mut().expect("piped");
    // The second of the streams: arrow down, return.
    keys.write_all(b"\x1b[B\r").expect("written");
    let output = script.wait_with_output().expect("it ends");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("auth (1 queued)"), "{shown}");
    assert!(shown.contains("docs (0 queued)"), "{shown}");
    assert!(!shown.contains("Session"), "there is one session: {shown}");
    assert_eq!(watched(&queue), ["docs"]);
}
