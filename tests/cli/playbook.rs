//! The worker's playbook, followed word for word. What it says of each tool is the tool's guide, which `guides` follows.

use std::process::Stdio;

use crate::bench::{TestQueue, until};
use crate::guides::{bash, fences, queue};

/// The playbook without the tools' part.
fn own_words(playbook: &str) -> String {
    let (before, rest) = playbook.split_once("## 3. ").expect("the tools");
    let (_, after) = rest.split_once("## 4. ").expect("what comes after them");
    format!("{before}{after}")
}

fn running(queue: &TestQueue) -> String {
    let id = queue.enqueue("auth", "scripts/a.sh");
    while queue.claim("auth")["id"] != id.as_str() {}
    id
}

#[test]
fn every_command_of_the_playbook_works() {
    let queue = queue();
    let mut watcher = queue
        .command()
        .args(["watch", "auth"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    until("there is a pipe", || {
        let alive = watcher.try_wait().expect("a state").is_none();
        assert!(alive, "the watcher ended");
        queue.path(".sparkq/run/auth.pipe").exists()
    });
    let playbook = queue.ok(["playbook", "--stream", "auth"]);
    let mut followed = 0;
    for commands in fences(&own_words(&playbook)) {
        let id = running(&queue);
        // There is always something to claim.
        queue.enqueue("auth", "scripts/b.sh");
        bash(&queue, commands, &id);
        bash(&queue, "rm -f \"/tmp/$id.out\"", &id);
        followed += 1;
    }
    watcher.kill().expect("killed");
    watcher.wait().expect("it ends");
    assert!(followed > 10, "{followed}");
    assert_eq!(
        queue.json(["tasks", "--status", "succeeded", "--json"])["total"],
        3
    );
    assert_eq!(
        queue.json(["tasks", "--status", "failed", "--json"])["total"],
        1
    );
}

#[test]
fn the_playbook_of_a_project_without_a_stream_makes_one() {
    let queue = TestQueue::with_no_session();
    let playbook = queue.ok(["playbook"]);
    assert_eq!(
        std::fs::read_to_string(queue.path("WORKER_PLAYBOOK.md")).expect("setup has written it"),
        format!("{playbook}\n")
    );
    for commands in fences(&playbook).take(3) {
        bash(&queue, commands, "");
    }
    assert_eq!(
        queue.json(["stream", "show", "main", "--json"])["status"],
        "active"
    );
}

#[test]
fn the_playbook_tells_of_every_tool_and_leaves_nothing_to_fill_in() {
    let queue = TestQueue::new();
    let playbook = queue.ok(["playbook", "--stream", "auth"]);
    for tool in queue.json(["tools", "--json"])["items"]
        .as_array()
        .expect("tools")
    {
        let heading = format!("\n### {} (", tool["name"].as_str().expect("a name"));
        assert!(playbook.contains(&heading), "{heading}");
        assert!(playbook.contains(tool["guide"].as_str().expect("a guide").trim()));
    }
    for left in ["{{", "}}", "TODO", "<id>", "STREAM", "sparkq complete ID"] {
        assert!(!playbook.contains(left), "{left}");
    }
    insta::assert_snapshot!(queue.run(["playbook", "--stream", "nobody"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `nobody` was not found; there is `auth`
    Hint: see all streams: sparkq stream list
    ");
}
