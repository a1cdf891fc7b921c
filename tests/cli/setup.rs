use std::fs;

use crate::bench::TestQueue;

#[test]
fn setup_writes_the_project_file_makes_the_database_and_says_nothing_to_an_agent() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["setup", "--yes"]), @"exit: 0");
    assert!(queue.path("sparkq.db").is_file());
    assert!(
        fs::read_to_string(queue.path("sparkq.toml"))
            .expect("written")
            .contains("port = 8420")
    );
}

#[test]
fn setup_again_keeps_what_is_there() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.ok(["setup", "--yes"]);
    assert_eq!(
        fs::read_to_string(queue.path("sparkq.toml")).expect("written"),
        config
    );
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "queued");
}

#[test]
fn every_other_command_says_where_it_looked_and_names_setup() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["peek", "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: there is no sparkq.toml in [FOLDER] or any folder above it
    Hint: make one in this folder: sparkq setup --yes
    ");
    queue.write("sparkq.toml", "");
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: there is no database at [FOLDER]/sparkq.db
    Hint: make one in this folder: sparkq setup --yes
    ");
    assert!(
        !queue.path("sparkq.db").exists(),
        "only setup makes a database"
    );
}
