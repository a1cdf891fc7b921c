use crate::bench::TestQueue;

#[test]
fn a_purge_says_what_it_would_remove_and_removes_just_that() {
    let queue = TestQueue::new();
    for outcome in [
        ["complete", "--summary", "done"],
        ["fail", "--error", "broken"],
    ] {
        let id = queue.running("auth");
        queue.ok([outcome[0], &id, outcome[1], outcome[2]]);
    }
    queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(
        queue.ok(["purge"]),
        "0 tasks, 0 streams, 0 sessions removed",
        "three days are kept"
    );
    assert_eq!(
        queue.ok(["purge", "--older-than", "0", "--dry-run"]),
        "2 tasks, 0 streams, 0 sessions would be removed"
    );
    assert_eq!(queue.json(["tasks", "--json"])["total"], 3, "nothing was");
    assert_eq!(
        queue.ok(["purge", "--older-than", "0"]),
        "2 tasks, 0 streams, 0 sessions removed"
    );
    assert_eq!(queue.json(["tasks", "--json"])["total"], 1);
}

#[test]
fn an_ended_stream_and_session_go_with_their_last_task() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.ok(["session", "end", "s"]);
    assert_eq!(
        queue.ok(["purge", "--older-than", "0"]),
        "0 tasks, 0 streams, 0 sessions removed",
        "its task runs"
    );
    queue.ok(["complete", &id, "--summary", "done"]);
    for (flag, verb) in [("--dry-run", "would be removed"), ("--json", "")] {
        let shown = queue.ok(["purge", "--older-than", "0", flag]);
        if flag == "--json" {
            assert_eq!(shown, r#"{"tasks":1,"streams":1,"sessions":1}"#);
        } else {
            assert_eq!(shown, format!("1 task, 1 stream, 1 session {verb}"));
        }
    }
}
