use crate::bench::{Server, TestQueue};

#[test]
fn a_claim_has_all_that_a_worker_needs_to_start() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    let claimed = queue.claim("AUTH");
    assert_eq!(claimed["id"], id.as_str());
    assert_eq!(claimed["stream"]["instructions"], "Keep the tests green.");
    assert!(
        claimed["guide"]
            .as_str()
            .is_some_and(|guide| guide.contains("sparkq complete")),
        "how to carry it out"
    );
    assert_eq!(claimed["payload"]["script_path"], "scripts/a.sh");
    assert_eq!(
        (&claimed["status"], &claimed["worker"]),
        (&"running".into(), &"tester".into())
    );
    assert_eq!(
        (&claimed["timeout"], &claimed["attempts"]),
        (&45.into(), &1.into())
    );
}

#[test]
fn a_peek_shows_the_same_task_and_changes_nothing() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    let before = queue.size();
    for _ in 0..2 {
        let next = queue.json(["peek", "--stream", "auth"]);
        assert_eq!(
            (&next["id"], &next["status"]),
            (&id.as_str().into(), &"queued".into())
        );
    }
    assert_eq!(queue.size(), before);
}

#[test]
fn with_nothing_queued_peek_and_claim_print_nothing_and_succeed() {
    let queue = TestQueue::new();
    insta::assert_snapshot!(queue.run(["peek", "--stream", "auth"]), @"exit: 0");
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auth"]), @"exit: 0");
}

#[test]
fn a_claim_without_a_stream_says_where_there_is_work_and_claims_nothing() {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "docs", "--session", "s"]);
    insta::assert_snapshot!(queue.run(["claim"]), @"
    exit: 1
    ----- stderr -----
    Error: claim needs a stream; no stream has queued tasks
    Hint: sparkq claim --stream STREAM
    ");
    queue.enqueue("docs", "scripts/a.sh");
    queue.enqueue("auth", "scripts/a.sh");
    queue.enqueue("auth", "scripts/b.sh");
    insta::assert_snapshot!(queue.run(["claim"]), @"
    exit: 1
    ----- stderr -----
    Error: claim needs a stream; these have queued tasks: `auth` (2), `docs` (1)
    Hint: sparkq claim --stream auth
    ");
    assert_eq!(
        queue.json(["tasks", "--status", "queued", "--json"])["total"],
        3
    );
}

#[test]
fn a_mistyped_stream_is_answered_with_those_there_are() {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "docs", "--session", "s"]);
    insta::assert_snapshot!(queue.run(["claim", "--stream", "aut"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `aut` was not found; there are `auth`, `docs`
    Hint: see all streams: sparkq stream list
    ");
}

#[test]
fn a_task_that_nobody_reads_of_is_queued_again() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    for _server in [None, Some(Server::start(&queue))] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut claim = queue.command();
        claim.args(["claim", "--stream", "auth"]).stdout(writer);
        let output = claim.output().expect("it starts");
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        assert_eq!(queue.json(["task", &id, "--json"])["status"], "queued");
    }
    assert_eq!(queue.claim("auth")["id"], id.as_str());
}
