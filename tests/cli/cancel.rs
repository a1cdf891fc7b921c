use crate::bench::TestQueue;

#[test]
fn a_queued_task_is_cancelled_with_the_reason_and_a_running_one_is_not() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(
        queue.ok(["cancel", &id, "--reason", "no longer needed"]),
        ""
    );
    let task = queue.json(["task", &id, "--json"]);
    assert_eq!(
        (&task["status"], &task["error"]),
        (&"failed".into(), &"Cancelled: no longer needed".into())
    );
    let other = queue.enqueue("auth", "scripts/b.sh");
    assert_eq!(
        queue.json(["cancel", &other, "--json"])["error"],
        "Cancelled: by tester"
    );

    let running = queue.running("auth");
    insta::assert_snapshot!(queue.run(["cancel", &running]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is running, so it cannot be cancelled
    Hint: end it first: sparkq fail [ID] --error 'why'
    ");
    insta::assert_snapshot!(queue.run(["cancel", &id]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is failed, so it cannot be cancelled (Cancelled: no longer needed)
    Hint: see what became of it: sparkq task [ID]
    ");
}
