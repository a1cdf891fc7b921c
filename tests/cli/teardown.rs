use std::fs;
use std::os::unix::fs::symlink;

use crate::bench::{Server, TestQueue};

#[test]
fn teardown_ends_what_runs_removes_what_was_made_and_keeps_the_project_file() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.write("WORKER_PLAYBOOK.md", "Edited; `sparkq setup` wrote it");
    queue.write("sparkq-watcher.sh", "# Edited; `sparkq setup` wrote it");
    queue.write("notes.txt", "mine");
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    insta::assert_snapshot!(queue.run(["teardown"]), @"
    exit: 1
    ----- stderr -----
    Error: teardown asks before it removes anything, and this is no terminal
    Hint: sparkq teardown --yes
    ");
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");
    queue.ok(["teardown", "--yes"]);
    assert_eq!(server.ended().code(), Some(0));
    let mut left: Vec<_> = fs::read_dir(queue.path(""))
        .expect("there")
        .map(|entry| entry.expect("read").file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["notes.txt", "scripts", "sparkq.toml"]);
    insta::assert_snapshot!(queue.run(["status"]), @"
    exit: 1
    ----- stderr -----
    Error: there is no database at [FOLDER]/sparkq.db
    Hint: make one in this folder: sparkq setup --yes
    ");
    insta::assert_snapshot!(queue.run(["teardown", "--yes", "--verbose"]), @"
    exit: 0
    ----- stderr -----
    Nothing was running.
    Kept [FOLDER]/sparkq.toml.
    ");
    queue.ok(["setup", "--yes"]);
    assert_eq!(queue.json(["tasks", "--json"])["total"], 0);
}

#[test]
fn teardown_follows_no_link_and_removes_nothing_that_is_not_sparkqs() {
    let queue = TestQueue::new();
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("precious"), "").expect("written");
    let folder = queue.path(".sparkq");
    fs::remove_dir_all(&folder).expect("removed");
    symlink(elsewhere.path(), &folder).expect("made");
    insta::assert_snapshot!(queue.run(["teardown", "--yes"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/.sparkq is a symbolic link, and SparkQ follows none there
    Hint: remove the link: rm [FOLDER]/.sparkq
    ");
    assert!(elsewhere.path().join("precious").exists());
    assert!(queue.path("sparkq.db").exists(), "nothing was begun");
    fs::remove_file(&folder).expect("removed");

    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("there");
    queue.write("sparkq.toml", &config.replace("sparkq.db", "notes.txt"));
    queue.write(
        "notes.txt",
        "nothing that looks like a database, though it is long enough for one",
    );
    insta::assert_snapshot!(queue.run(["teardown", "--yes"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/notes.txt is not removed: SparkQ has not made it
    Hint: remove it yourself, then: sparkq teardown --yes
    ");
    assert!(queue.path("notes.txt").exists());
}

#[test]
fn teardown_removes_a_queue_that_is_broken() {
    let queue = TestQueue::new();
    queue.write(
        "sparkq.db",
        &format!("SQLite format 3\0{}", "broken".repeat(200)),
    );
    queue.ok(["teardown", "--yes"]);
    assert!(!queue.path("sparkq.db").exists() && !queue.path(".sparkq").exists());
}
