use crate::bench::TestQueue;

#[test]
fn a_failed_task_keeps_its_error_and_its_output() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.ok([
        "fail",
        &id,
        "--error",
        "exit code 2",
        "--stdout",
        "out",
        "--stderr",
        "err",
    ]);
    let task = queue.json(["task", &id, "--json"]);
    assert_eq!(
        (&task["status"], &task["error"]),
        (&"failed".into(), &"exit code 2".into())
    );
    assert_eq!(
        (&task["stdout"], &task["stderr"]),
        (&"out".into(), &"err".into())
    );
    insta::assert_snapshot!(queue.run(["complete", &id, "--summary", "late"]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is failed, so it cannot be completed (exit code 2)
    Hint: see what became of it: sparkq task [ID]
    ");
}

#[test]
fn a_blank_error_is_refused() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    insta::assert_snapshot!(queue.run(["fail", &id, "--error", " "]), @"
    exit: 1
    ----- stderr -----
    Error: error: ` ` is blank; say what went wrong
    Hint: see sparkq fail --help
    ");
}

#[test]
fn one_workers_error_cannot_write_to_anothers_terminal() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.ok(["fail", &id, "--error", "\u{1b}[2Jboom \u{202e}"]);
    let refused = queue.run(["fail", &id, "--error", "x"]);
    assert!(refused.contains(r"(\u{1b}[2Jboom \u{202e})"), "{refused}");
}
