use crate::bench::TestQueue;

#[test]
fn sessions_and_streams_are_shown_edited_ended_and_reopened() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(
        queue.ok(["session", "edit", "s", "--description", "Login and billing"]),
        ""
    );
    assert_eq!(
        queue.ok([
            "stream",
            "edit",
            "auth",
            "--name",
            "login",
            "--instructions",
            "Be kind."
        ]),
        ""
    );
    insta::assert_snapshot!(queue.run(["session", "show", "s"]), @"
    exit: 0
    ----- stdout -----
    id           [ID]
    name         s
    status       active
    streams      1 active
    started  [TIME]
    description  Login and billing
    ");
    insta::assert_snapshot!(queue.run(["stream", "show", "login"]), @"
    exit: 0
    ----- stdout -----
    id           [ID]
    name         login
    session      s
    status       active
    tasks        1 queued, 0 running, 0 succeeded, 0 failed
    created  [TIME]

    Instructions
      Be kind.
    ");
    queue.ok(["stream", "edit", "login", "--name", "Login"]);
    assert_eq!(
        queue.json(["stream", "show", "login", "--json"])["name"],
        "Login"
    );
    queue.ok(["stream", "edit", "login", "--name", "login"]);
    queue.ok(["session", "end", "s"]);
    insta::assert_snapshot!(queue.run(["enqueue", "run-bash", r#"{"script_path":"scripts/a.sh"}"#, "--stream", "login"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `login` is ended
    Hint: reopen it: sparkq stream reopen [ID]
    ");
    insta::assert_snapshot!(queue.run(["stream", "reopen", "login"]), @"
    exit: 1
    ----- stderr -----
    Error: session `s` is ended
    Hint: reopen it: sparkq session reopen [ID]
    ");
    insta::assert_snapshot!(queue.run(["peek", "--stream", "login"]), @"
    exit: 1
    ----- stderr -----
    Error: stream `login` is ended
    Hint: reopen it: sparkq stream reopen [ID]
    ");
    queue.ok(["session", "reopen", "s"]);
    assert_eq!(
        queue.json(["stream", "show", "login", "--json"])["status"],
        "active"
    );
    queue.ok(["stream", "end", "login"]);
    assert_eq!(
        queue.json(["session", "show", "s", "--json"])["active_streams"],
        0
    );
}

#[test]
fn an_edit_that_changes_nothing_or_has_no_editor_says_what_it_needs() {
    let queue = TestQueue::new();
    insta::assert_snapshot!(queue.run(["stream", "edit", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: --instructions is missing, and there is no terminal to open an editor on
    Hint: see sparkq stream edit --help
    ");
    insta::assert_snapshot!(queue.run(["session", "edit", "s"]), @"
    exit: 2
    ----- stderr -----
    Error: the following required arguments were not provided:
      --name <NAME>

    Usage: sparkq session edit --name <NAME> <SESSION>

    Hint: see sparkq session edit --help
    ");
    let before = queue.size();
    queue.ok([
        "stream",
        "edit",
        "auth",
        "--instructions",
        "Keep the tests green.",
    ]);
    assert_eq!(queue.size(), before, "what stays the same is no change");
}
