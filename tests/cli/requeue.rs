use crate::bench::TestQueue;

#[test]
fn a_failed_task_is_requeued_as_a_clone_and_the_new_id_is_all_that_is_printed() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.ok(["fail", &id, "--error", "broken"]);
    let clone = queue.ok(["requeue", &id]);
    assert_ne!(clone, id);
    assert_eq!(queue.claim("auth")["requeued_from"], id.as_str());
    insta::assert_snapshot!(queue.run(["requeue", &id]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` was requeued already, as `[ID]`, which is running
    Hint: see it: sparkq task [ID]
    ");
    queue.ok(["complete", &clone, "--summary", "done"]);
    insta::assert_snapshot!(queue.run(["requeue", &clone]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is succeeded, so it cannot be requeued
    Hint: do it once more all the same: sparkq requeue [ID] --force
    ");
    queue.ok(["requeue", &clone, "--force"]);
    let shown = queue.ok(["task", &clone]);
    assert!(
        shown.contains("clone of") && shown.contains("requeued as"),
        "{shown}"
    );
}

#[test]
fn a_requeue_may_change_the_payload_and_the_stream_and_the_payload_is_checked_again() {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "other", "--session", "s"]);
    let id = queue.running("auth");
    queue.ok(["fail", &id, "--error", "broken"]);
    let wrong = r#"{"script_path":"scripts/c.sh"}"#;
    insta::assert_snapshot!(queue.run(["requeue", &id, "--payload", wrong]), @r#"
    exit: 1
    ----- stderr -----
    Error: the payload does not fit tool `run-bash`
      /script_path: not in the script index; nearest: `scripts/a.sh`, `scripts/b.sh` [not-found] (try "scripts/a.sh")
    Hint: see what it takes: sparkq tools run-bash
    "#);
    let right = r#"{"script_path":"scripts/b.sh"}"#;
    let clone = queue.json([
        "requeue",
        &id,
        "--payload",
        right,
        "--stream",
        "other",
        "--json",
    ]);
    assert_eq!(clone["payload"]["script_path"], "scripts/b.sh");
    assert_eq!(clone["stream_name"], "other");
}

#[test]
fn what_waits_or_runs_is_not_requeued() {
    let queue = TestQueue::new();
    let queued = queue.enqueue("auth", "scripts/a.sh");
    insta::assert_snapshot!(queue.run(["requeue", &queued]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is queued, so it cannot be requeued
    Hint: it waits for a worker: sparkq claim --stream auth
    ");
    queue.claim("auth");
    insta::assert_snapshot!(queue.run(["requeue", &queued]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is running, so it cannot be requeued
    Hint: end it first: sparkq fail [ID] --error 'why'
    ");
}
