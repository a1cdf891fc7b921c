use crate::bench::TestQueue;

#[test]
fn a_task_shows_all_there_is_about_it() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    queue.claim("auth");
    queue.ok([
        "complete",
        &id,
        "--result",
        r#"{"summary":"3 of 3 pass","exit_code":0}"#,
        "--stdout",
        "a\n\u{1b}[2Jb",
    ]);
    insta::assert_snapshot!(queue.run(["task", &id]), @r#"
    exit: 0
    ----- stdout -----
    id           [ID]
    label        scripts/a.sh
    status       succeeded
    stream       auth ([ID])
    tool         run-bash ([STAMP])
    class        MEDIUM_SCRIPT, timeout 45s
    worker       tester
    created  [TIME]
    started  [TIME] (after [SPAN])
    finished  [TIME] (after [SPAN])

    Summary
      3 of 3 pass

    Payload
      {
        "script_path": "scripts/a.sh"
      }

    Result
      {
        "summary": "3 of 3 pass",
        "exit_code": 0
      }

    Stdout
      a
      \u{1b}[2Jb

    Instructions of the stream
      Keep the tests green.

    Events
    [TIME] task.enqueued by tester
    [TIME] task.claimed by tester
    [TIME] task.completed by tester
    "#);
}

#[test]
fn the_list_shows_the_newest_first_and_can_be_narrowed() {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "docs", "--session", "s"]);
    let first = queue.enqueue("auth", "scripts/a.sh");
    queue.enqueue("docs", "scripts/b.sh");
    queue.claim("auth");
    queue.ok(["fail", &first, "--error", "no"]);
    insta::assert_snapshot!(queue.run(["tasks"]), @"
    exit: 0
    ----- stdout -----
    ID            TOOL      STREAM  STATUS  CREATED                   STARTED                   FINISHED                  DURATION  LABEL
    [ID]  run-bash  docs  queued  [TIME]  scripts/b.sh
    [ID]  run-bash  auth  failed  [TIME]  [TIME]  [TIME]  [SPAN]  scripts/a.sh
    ");
    assert_eq!(
        queue.json(["tasks", "--stream", "auth", "--status", "failed", "--json"])["items"][0]["id"],
        first.as_str()
    );
    assert_eq!(
        queue.json(["tasks", "--stream", "docs", "--status", "failed", "--json"])["total"],
        0
    );
    assert_eq!(
        queue.json(["tasks", "--limit", "1", "--json"])["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn sessions_and_streams_are_listed_with_their_counts() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    insta::assert_snapshot!(queue.run(["session", "list"]), @"
    exit: 0
    ----- stdout -----
    ID            NAME  STATUS  STREAMS  STARTED                   DESCRIPTION
    [ID]  s  active  1  [TIME]
    ");
    insta::assert_snapshot!(queue.run(["stream", "list"]), @"
    exit: 0
    ----- stdout -----
    ID            NAME  SESSION  STATUS  QUEUED  RUNNING  SUCCEEDED  FAILED  INSTRUCTIONS
    [ID]  auth  s        active  1       0        0          0       Keep the tests green.
    ");
}

#[test]
fn a_task_goes_by_any_start_of_its_id_that_is_its_alone() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(queue.json(["task", &id[..8], "--json"])["id"], id.as_str());
    for start in [&id[..7], "tsk_", "tsk_oooo", "auth", ""] {
        let refused = queue.run(["task", start]);
        assert!(
            refused.starts_with(&format!(
                "exit: 1\n----- stderr -----\nError: task `{start}` was not found"
            )),
            "{refused}"
        );
    }
    let db = queue.database();
    for twin in ["tsk_zzzz0000", "tsk_zzzz1111"] {
        queue.enqueue("auth", "scripts/a.sh");
        db.execute(
            "UPDATE tasks SET id = ?1 WHERE seq = (SELECT max(seq) FROM tasks)",
            [twin],
        )
        .expect("renamed");
    }
    insta::assert_snapshot!(queue.run(["task", "tsk_zzzz"]), @"
    exit: 1
    ----- stderr -----
    Error: `tsk_zzzz` could be any of `[ID]`, `[ID]`
    Hint: give more of the id
    ");
}

#[test]
fn a_long_output_is_shown_in_part_to_a_program_that_did_not_ask_for_all_of_it() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.write(
        "out.txt",
        &format!("first\n{}last\n", "x".repeat(79).repeat(1000)),
    );
    queue.ok(["complete", &id, "--summary", "done", "--stdout", "@out.txt"]);
    let shown = queue.ok(["task", &id]);
    let heading =
        format!("\nStdout (in part; all 79011 bytes: sparkq task {id} --full)\n  first\n");
    assert!(shown.contains(&heading), "{shown}");
    assert!(shown.contains("bytes left out here]\n") && shown.contains("last\n"));
    assert!(shown.len() < 20_000, "{}", shown.len());
    let full = queue.ok(["task", &id, "--full"]);
    assert!(full.contains("\nStdout\n  first\n") && full.len() > 79_000);
    let json = queue.json(["task", &id, "--json"]);
    assert_eq!(json["stdout"].as_str().map(str::len), Some(79_011));
}

#[test]
fn a_list_with_running_tasks_shows_whose_they_are() {
    let queue = TestQueue::new();
    queue.running("auth");
    queue.enqueue("auth", "scripts/b.sh");
    let shown = queue.ok(["tasks"]);
    assert!(
        shown.contains("  WORKER  ") && shown.contains("  tester  "),
        "{shown}"
    );
    let queued = queue.ok(["tasks", "--status", "queued"]);
    assert!(!queued.contains("WORKER"), "{queued}");
}
