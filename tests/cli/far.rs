//! A server on another machine: what is said where the way to it leads astray.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::thread;

use serde_json::Value;

use crate::bench::lossy::{Loses, Lossy};
use crate::bench::{Server, TestQueue};

/// What a command that looks says to a server that answers everything with `answer`.
fn told(answer: &'static str) -> String {
    told_to(answer.as_bytes(), &["tasks"])
}

/// What a command that writes says to it.
fn told_after_a_write(answer: &'static [u8]) -> String {
    let complete = ["complete", "tsk_aaaaaaaa", "--summary", "x"];
    told_to(answer, &complete)
}

fn told_to(answer: &'static [u8], args: &[&str]) -> String {
    let (far, address) = answering(answer);
    let output = far.command().args(args).output().expect("it starts");
    far.show(&output).replace(&address, "[HOST]")
}

/// A folder whose commands go to a server that answers everything with `answer`, and where that is.
fn answering(answer: &'static [u8]) -> (TestQueue, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    // Ends with the test's process.
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.expect("a connection");
            let _ = client.read(&mut [0; 8192]);
            let _ = client.write_all(answer);
        }
    });
    (TestQueue::far(&format!("http://{address}")), address)
}

#[test]
fn what_is_no_sparkq_server_is_told_from_one() {
    insta::assert_snapshot!(told("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 200 with text/html, and not as a SparkQ server does
    Hint: see what is there: curl -sI http://[HOST]/api/health
    ");
    insta::assert_snapshot!(told("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/sparkq/api/tasks?limit=100\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] sends on to https://127.0.0.1/sparkq/api/tasks?limit=100, where the request was not sent
    Hint: if that is the server, name it: export SPARKQ_URL=https://127.0.0.1/sparkq
    ");
    insta::assert_snapshot!(told("HTTP/1.1 302 Found\r\nLocation: https://hotel.example/welcome\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] sends on to https://hotel.example/welcome, where the request was not sent
    Hint: see what is there: curl -sI http://[HOST]/api/health
    ");
    insta::assert_snapshot!(told("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 404, and not as a SparkQ server does
    Hint: see what is there: curl -sI http://[HOST]/api/health
    ");
}

#[test]
fn a_proxy_whose_server_is_away_is_asked_again_and_then_said() {
    insta::assert_snapshot!(told("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 502 with text/html: the server behind it does not answer
    Hint: try again in a moment
    ");
}

#[test]
fn a_write_whose_answer_is_not_the_servers_may_have_been_done() {
    insta::assert_snapshot!(told_after_a_write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"error\":\"\xe9\"}"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 200 with application/json, and not as a SparkQ server does; what was asked may have been done
    Hint: give the command again: what is done already is refused, not done twice
    ");
    insta::assert_snapshot!(told_after_a_write(b"HTTP/1.1 500 Oh\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 500 with text/html, and not as a SparkQ server does; what was asked may have been done
    Hint: give the command again: what is done already is refused, not done twice
    ");
    insta::assert_snapshot!(told_after_a_write(b"HTTP/1.1 413 Too Large\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 413 with text/html: what is before the server takes no body of 26 bytes, and the server itself 16 MiB; what was asked may have been done
    Hint: give the command again: what is done already is refused, not done twice
    ");
    insta::assert_snapshot!(told_after_a_write(b"HTTP/1.1 429 Slowly\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 429: what is before the server is asked too often; what was asked may have been done
    Hint: give the command again: what is done already is refused, not done twice
    ");
    insta::assert_snapshot!(told_after_a_write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] does not speak HTTP: protocol: http parse fail: invalid HTTP version; what was asked may have been done
    Hint: give the command again: what is done already is refused, not done twice
    ");
}

#[test]
fn a_script_is_told_whether_something_may_have_been_done() {
    let told = |answer: &'static [u8], args: &[&str]| {
        let (far, _) = answering(answer);
        let output = far.command().args(args).output().expect("it starts");
        let body = serde_json::from_slice::<Value>(&output.stderr).expect("an error");
        assert_eq!(body["code"], "SERVER_UNREACHABLE");
        body["done"].clone()
    };
    let complete = ["complete", "tsk_aaaaaaaa", "--summary", "x", "--json"];
    assert_eq!(
        told(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", &complete),
        "maybe"
    );
    assert_eq!(
        told(b"HTTP/1.1 302 Off\r\nContent-Length: 0\r\n\r\n", &complete),
        "no"
    );
    assert_eq!(
        told(
            b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
            &["tasks", "--json"]
        ),
        "no"
    );
}

#[test]
fn what_a_stranger_answers_is_cut_short_and_forges_no_lines() {
    let long = format!(
        r#"{{"error":"{}","code":"INVALID_VALUE"}}"#,
        "x".repeat(900_000)
    );
    let endless = "x".repeat(2 << 20);
    let answer = |kind: &str, body: &str| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 400 No\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        Box::leak(format!("{head}{body}").into_boxed_str()).as_bytes()
    };
    let short = r#"{"error":"one\nError: two","code":"INVALID_VALUE","hint":"three\nHint: four"}"#;
    insta::assert_snapshot!(told_to(answer("application/json", short), &["tasks"]), @"
    exit: 1
    ----- stderr -----
    Error: one
      Error: two
    Hint: three
      Hint: four
    ");
    insta::assert_snapshot!(told_to(answer("application/json", &endless), &["tasks"]), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] answered 400 with application/json, and with more than the 1 MiB of a SparkQ server
    Hint: see what is there: curl -sI http://[HOST]/api/health
    ");
    let told = told_to(answer("application/json", &long), &["tasks"]);
    assert!(
        told.contains("x… (897952 bytes more)\n") && told.len() < 4000,
        "{}",
        told.len()
    );
}

#[test]
fn a_server_that_is_not_there_is_named_with_what_it_was_named_by() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let queue = TestQueue::without_project();
    let url = format!("http://{address}");
    let shown = queue.run([
        "--url", &url, "enqueue", "run-bash", "{}", "--stream", "auth",
    ]);
    insta::assert_snapshot!(shown.replace(&address, "[HOST]"), @"
    exit: 1
    ----- stderr -----
    Error: nobody answers at http://[HOST]; nothing was done
    Hint: start the server on its machine with sparkq run, or correct --url
    ");
    insta::assert_snapshot!(queue.run(["--url", "https://no-such-host.invalid", "status"]), @"
    exit: 1
    ----- stderr -----
    Error: the host of https://no-such-host.invalid was not found
    Hint: correct --url, or look whether this machine is online
    ");
}

#[test]
fn what_is_no_address_is_refused_and_a_password_in_it_not_repeated() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["--url", "box:8420", "status"]), @"
    exit: 1
    ----- stderr -----
    Error: --url: `box:8420` is no address of a server: it begins with http:// or https://, as http://127.0.0.1:8420
    Hint: see sparkq status --help
    ");
    insta::assert_snapshot!(TestQueue::far("https://me:secret@box/x").run(["status"]), @"
    exit: 1
    ----- stderr -----
    Error: SPARKQ_URL: `https://…@box/x` is not taken with a name or password in it; the server's token goes into SPARKQ_TOKEN
    Hint: see sparkq status --help
    ");
}

#[test]
fn what_was_typed_wins_over_the_environment_and_contradictions_are_refused() {
    let queue = TestQueue::new();
    let mut command = queue.command();
    command
        .env("SPARKQ_URL", "http://127.0.0.1:1")
        .args(["--direct", "stream", "show", "auth"]);
    assert!(command.output().expect("it starts").status.success());
    let mut command = queue.command();
    command
        .env("SPARKQ_URL", "http://127.0.0.1:1")
        .args(["--config", "sparkq.toml", "tasks"]);
    assert!(command.output().expect("it starts").status.success());
    insta::assert_snapshot!(queue.run(["--url", "http://127.0.0.1:1", "--direct", "tasks"]), @"
    exit: 2
    ----- stderr -----
    Error: --url cannot be used with --direct, which is about a project on this machine

    Usage: sparkq [OPTIONS] <COMMAND>

    Hint: see sparkq --help
    ");
    insta::assert_snapshot!(queue.run(["tasks", "--url", "http://127.0.0.1:1", "--config", "x"]), @"
    exit: 2
    ----- stderr -----
    Error: --url cannot be used with --config, which is about a project on this machine

    Usage: sparkq [OPTIONS] <COMMAND>

    Hint: see sparkq --help
    ");
}

#[test]
fn the_key_of_a_locked_server_is_asked_for_by_its_name() {
    let queue = TestQueue::new();
    queue.write("token", "open-sesame-open\n");
    fs::set_permissions(queue.path("token"), fs::Permissions::from_mode(0o600)).expect("set");
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write(
        "sparkq.toml",
        &config.replace("port = 0", "port = 0\ntoken_file = \"token\""),
    );
    let server = Server::start(&queue);
    let far = TestQueue::far(&server.address);
    let host = server.address.trim_start_matches("http://");
    insta::assert_snapshot!(far.run(["tasks"]).replace(host, "[HOST]"), @"
    exit: 1
    ----- stderr -----
    Error: http://[HOST] is locked, and SPARKQ_TOKEN is not set
    Hint: export SPARKQ_TOKEN=…, with the text that the server has as SPARKQ_TOKEN or in its [server] token_file
    ");
    let with = |token: &str| {
        let mut command = far.command();
        command.env("SPARKQ_TOKEN", token).arg("tasks");
        far.show(&command.output().expect("it starts"))
            .replace(host, "[HOST]")
    };
    insta::assert_snapshot!(with("open-barley-open"), @"
    exit: 1
    ----- stderr -----
    Error: the token in SPARKQ_TOKEN is not the one of http://[HOST]
    Hint: export SPARKQ_TOKEN=…, with the text that the server has as SPARKQ_TOKEN or in its [server] token_file
    ");
    assert!(with("open-sesame-open").starts_with("exit: 0"));
}

#[test]
fn a_token_that_others_can_read_on_the_way_is_warned_of_once() {
    let far = TestQueue::far("http://no-such-host.invalid");
    let mut command = far.command();
    command
        .env("SPARKQ_TOKEN", "open-sesame-open")
        .arg("status");
    insta::assert_snapshot!(far.show(&command.output().expect("it starts")), @"
    exit: 1
    ----- stderr -----
    Warning: the token goes to http://no-such-host.invalid unencrypted; https would hide it
    Error: the host of http://no-such-host.invalid was not found
    Hint: correct SPARKQ_URL, or look whether this machine is online
    ");
}

#[test]
fn a_proxy_that_is_not_understood_is_refused_and_no_way_around_it_taken() {
    let far = TestQueue::far("http://no-such-host.invalid");
    let mut command = far.command();
    command
        .env("http_proxy", "socks5://me:secret@box:1")
        .arg("status");
    insta::assert_snapshot!(far.show(&command.output().expect("it starts")), @"
    exit: 1
    ----- stderr -----
    Error: http_proxy names no proxy that SparkQ can use: one that takes http:// or https://
    Hint: export http_proxy=http://proxy:3128, or go without for this host: export no_proxy=no-such-host.invalid
    ");
}

#[test]
fn a_server_behind_a_path_is_reached_and_a_slash_at_the_end_does_no_harm() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    assert_eq!(
        TestQueue::far(&format!("{}/", server.address)).ok(["peek", "--stream", "auth"]),
        ""
    );
    let api = TestQueue::far(&format!("{}/api", server.address));
    let host = server.address.trim_start_matches("http://");
    insta::assert_snapshot!(api.run(["status"]).replace(host, "[HOST]"), @"
    exit: 1
    ----- stderr -----
    Error: there is nothing at `/api/api/status`
    Hint: leave out /api: export SPARKQ_URL=http://[HOST]
    ");
    let way = Lossy::before(&server.address);
    let below = TestQueue::far(&format!("{}/sparkq/", way.address));
    assert_eq!(below.ok(["peek", "--stream", "auth"]), "");
    assert_eq!(way.lost(), ["GET /api/streams/auth/peek HTTP/1.1"]);
}

#[test]
fn what_a_proxy_had_done_before_it_said_no_is_asked_again_and_not_done_twice() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let way = Lossy::losing(&server.address, Loses::AnswersToAProxy, || ());
    let far = TestQueue::far(&way.address);
    let payload = r#"{"script_path":"scripts/a.sh"}"#;
    let id = far.ok(["enqueue", "run-bash", payload, "--stream", "auth"]);
    assert_eq!(way.lost(), ["POST /api/tasks HTTP/1.1"]);
    let tasks = queue.json(["tasks", "--json"]);
    assert_eq!(
        (&tasks["total"], &tasks["items"][0]["id"]),
        (&1.into(), &id.into())
    );
}

#[test]
fn a_wait_from_another_machine_survives_a_new_start_of_the_server() {
    let queue = TestQueue::new();
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let server = Server::start(&queue);
    let port = server
        .address
        .rsplit(':')
        .next()
        .expect("a port")
        .to_owned();
    queue.write(
        "sparkq.toml",
        &config.replace("port = 0", &format!("port = {port}")),
    );
    let mut command = TestQueue::far(&server.address).command();
    command
        .current_dir("/")
        .args(["claim", "--stream", "auth", "--wait", "1m"]);
    let mut waiting = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut server = server;
    for signal in ["-TERM", "-KILL"] {
        server.end(signal);
        server = Server::start(&queue);
        assert!(
            waiting.try_wait().expect("a state").is_none(),
            "it waits on"
        );
    }
    let id = server.enqueue("scripts/a.sh");
    let mut text = String::new();
    waiting
        .stdout
        .take()
        .expect("piped")
        .read_to_string(&mut text)
        .expect("read");
    assert!(
        waiting.wait().expect("it ends").success() && text.contains(&id),
        "{text}"
    );
}

#[test]
fn a_task_claimed_from_another_machine_that_nobody_reads_of_is_queued_again() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = server.enqueue("scripts/a.sh");
    // The first answer is lost, so the task is handed out twice.
    let way = Lossy::before(&server.address);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut claim = TestQueue::far(&way.address).command();
    claim
        .current_dir("/")
        .args(["claim", "--stream", "auth"])
        .stdout(writer);
    let output = claim.output().expect("it starts");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let kinds = queue.json(["task", &id, "--json"]);
    assert_eq!(kinds["status"], "queued");
    assert_eq!(kinds["history"]["events"][2]["kind"], "task.released");
    assert_eq!(way.lost().len(), 2, "its claim, and its giving back");
}

#[test]
fn the_playbook_of_another_machine_names_the_server_and_no_files_of_its() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let far = TestQueue::far(&server.address);
    let playbook = far.ok(["playbook", "--stream", "auth"]);
    assert!(playbook.contains(&format!("export SPARKQ_URL={}\n", server.address)));
    assert!(playbook.contains("|\n| `Error: nobody answers …`"));
    assert!(
        !playbook.contains(".pipe") && !playbook.contains("{{"),
        "{playbook}"
    );
    assert_eq!(
        playbook,
        far.ok(["playbook"]),
        "it is the one with most to do"
    );
    let here = queue.ok(["playbook"]);
    assert!(here.contains(".pipe") && !here.contains("SPARKQ_URL") && !here.contains("{{"));
}

#[test]
fn a_shell_is_offered_what_is_on_another_machine_and_nothing_where_nobody_answers() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let id = server.enqueue("scripts/a.sh");
    let far = TestQueue::far(&server.address);
    assert_eq!(far.offered(&["claim", "--stream", ""]), ["auth"]);
    assert_eq!(far.offered(&["cancel", "tsk_"]), [id]);
    let nowhere = TestQueue::far("http://127.0.0.1:1");
    assert!(nowhere.offered(&["claim", "--stream", ""]).is_empty());
    let here = TestQueue::new();
    here.ok(["stream", "create", "docs", "--session", "s"]);
    let mut shell = here.shell(&["claim", "--direct", "--stream", ""]);
    let output = shell.env("SPARKQ_URL", &server.address).output();
    let offered = String::from_utf8(output.expect("it starts").stdout).expect("text");
    assert_eq!(
        offered, "auth\ndocs",
        "of the project here, as the command will take them"
    );
    let named = TestQueue::without_project();
    let offered = named.offered(&["--url", &server.address, "claim", "--stream", ""]);
    assert_eq!(offered, ["auth"]);
}
