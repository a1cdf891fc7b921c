//! `claim --wait`: a worker that waits for work.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::bench::{Server, TestQueue};

fn a_waiting_worker_gets_the_task(queue: &TestQueue) {
    let waiting = queue
        .command()
        .args(["claim", "--stream", "auth", "--wait", "9m"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let id = queue.enqueue("auth", "scripts/a.sh");
    let output = waiting.wait_with_output().expect("it ends");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let claimed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(claimed["id"], id.as_str());
}

#[test]
fn a_worker_that_waits_gets_the_next_task_through_the_server() {
    let queue = TestQueue::new();
    let _server = Server::start(&queue);
    a_waiting_worker_gets_the_task(&queue);
}

#[test]
fn a_worker_that_waits_gets_the_next_task_without_a_server() {
    a_waiting_worker_gets_the_task(&TestQueue::new());
}

#[test]
fn a_worker_that_waits_rides_out_the_end_of_its_server() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let waiting = queue
        .command()
        .args(["claim", "--stream", "auth", "--wait", "9m"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    assert_eq!(server.end("-TERM").code(), Some(0));
    let id = queue.enqueue("auth", "scripts/a.sh");
    let output = waiting.wait_with_output().expect("it ends");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains(&id));
}

#[test]
fn a_wait_that_is_over_ends_with_3_and_not_a_word() {
    let queue = TestQueue::new();
    for _server in [None, Some(Server::start(&queue))] {
        for wait in ["1", "0"] {
            let asked = Instant::now();
            let output = queue.output(["claim", "--stream", "auth", "--wait", wait]);
            assert_eq!(output.status.code(), Some(3), "{output:?}");
            assert!(
                output.stdout.is_empty() && output.stderr.is_empty(),
                "{output:?}"
            );
            assert!(wait == "0" || asked.elapsed() >= Duration::from_secs(1));
        }
    }
}

#[test]
fn a_wait_at_a_stream_that_is_ended_or_not_there_ends_at_once() {
    let queue = TestQueue::new();
    queue.ok(["stream", "end", "auth"]);
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auth", "--wait", "9m"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `auth` is ended
    Hint: reopen it: sparkq stream reopen [ID]
    ");
    insta::assert_snapshot!(queue.run(["claim", "--stream", "nobody", "--wait", "9m"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `nobody` was not found; no stream is active
    Hint: create one: sparkq stream create NAME --session SESSION
    ");
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auth", "--wait", "soon"]), @"
    exit: 1
    ----- stderr -----
    Error: --wait: `soon` is not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d
    Hint: see sparkq claim --help
    ");
}
