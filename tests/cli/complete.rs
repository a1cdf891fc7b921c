use serde_json::Value;

use crate::bench::{Server, TestQueue};

#[test]
fn completing_a_queued_task_is_refused_and_names_the_next_command() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    insta::assert_snapshot!(queue.run(["complete", &id, "--summary", "done"]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is queued, so it cannot be completed
    Hint: claim it first: sparkq claim --stream auth
    ");
}

#[test]
fn a_result_without_a_summary_is_refused_and_the_task_stays_running() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    let refused = queue.run(["complete", &id, "--result", "{}"]);
    insta::assert_snapshot!(refused, @r#"
    exit: 1
    ----- stderr -----
    Error: result.summary is required (string)
    Hint: --result '{"summary":"what was done"}', or --summary "what was done"
    "#);
    for result in [
        r#"{"summary":7}"#,
        r#"{"summary":" \n"}"#,
        r#"{"summary":null}"#,
    ] {
        assert_eq!(
            queue.run(["complete", &id, "--result", result]),
            refused,
            "{result}"
        );
    }
    assert_eq!(queue.run(["complete", &id, "--summary", ""]), refused);
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");
}

#[test]
fn a_result_that_the_tools_plugin_refuses_leaves_the_task_running_and_says_what_is_wrong_where() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    let failed = r#"{"summary":"built","exit_code":2}"#;
    let refused = queue.run(["complete", &id, "--result", failed]);
    insta::assert_snapshot!(refused, @r#"
    exit: 1
    ----- stderr -----
    Error: the result does not do for tool `run-bash`, and task `[ID]` stays running
      /exit_code: is 2, so the work has failed [conflict]
    Hint: mend it and complete the task, or: sparkq fail [ID] --error "what went wrong"
    "#);
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");
    let server = Server::start(&queue);
    assert_eq!(queue.run(["complete", &id, "--result", failed]), refused);
    drop(server);
    queue.ok([
        "complete",
        &id,
        "--result",
        r#"{"summary":"built","exit_code":0}"#,
    ]);
}

#[test]
fn every_tool_refuses_a_result_that_cannot_be_right() {
    let queue = TestQueue::new();
    queue.write("scripts/a.py", "print('a')\n");
    queue.write("done.md", "It is done.\n");
    queue.write("empty.md", "");
    let bash = r#"{"script_path":"scripts/a.sh"}"#;
    let checked = r#"{"directory":".","paths":["done.md","gone.md"]}"#;
    for (tool, payload, wrong, at, right) in [
        (
            "run-bash",
            bash,
            r#""exit_code":2"#,
            "/exit_code",
            r#""n":1"#,
        ),
        (
            "run-bash-fast",
            bash,
            r#""exit_code":null"#,
            "/exit_code",
            r#""exit_code":0"#,
        ),
        (
            "run-python",
            r#"{"script_path":"scripts/a.py"}"#,
            r#""exit_code":"0""#,
            "/exit_code",
            r#""exit_code":0"#,
        ),
        (
            "llm-haiku",
            r#"{"prompt":"p","output_path":"done.md"}"#,
            r#""output_path":"other.md""#,
            "/output_path",
            r#""output_path":"./done.md""#,
        ),
        (
            "llm-sonnet",
            r#"{"prompt":"p","output_path":"done.md"}"#,
            r#""n":1"#,
            "/output_path",
            r#""output_path":"done.md""#,
        ),
        (
            "delegate-codex",
            r#"{"prompt":"p"}"#,
            r#""exit_code":1"#,
            "/exit_code",
            r#""n":1"#,
        ),
        (
            "validate-outputs",
            checked,
            r#""findings":["done.md:1: says little"]"#,
            "/findings",
            r#""findings":["gone.md is not there"]"#,
        ),
        (
            "validate-integration",
            checked,
            r#""n":1"#,
            "/findings",
            r#""findings":["done.md:1: names gone.md, which is not there"]"#,
        ),
        (
            "summarize",
            r#"{"text":"The import is done."}"#,
            r#""summary":"The import is done!""#,
            "/summary",
            r#""summary":"Import done.""#,
        ),
    ] {
        let id = queue.ok(["enqueue", tool, payload, "--stream", "auth"]);
        queue.claim("auth");
        let complete = |with: &str| {
            let summary = if with.contains("summary") {
                ""
            } else {
                r#""summary":"s","#
            };
            let result = format!("{{{summary}{with}}}");
            queue.output(["--json", "complete", id.trim(), "--result", &result])
        };
        let refused = complete(wrong);
        let refused: Value = serde_json::from_slice(&refused.stderr).expect("an error");
        assert_eq!(refused["code"], "RESULT_REJECTED", "{tool}");
        assert_eq!(refused["fields"][0]["path"], at, "{tool}");
        assert!(complete(right).status.success(), "{tool}");
    }
}

#[test]
fn an_answer_that_was_asked_for_in_a_file_has_to_be_there() {
    let queue = TestQueue::new();
    let payload = r#"{"prompt":"p","output_path":"docs/a.md"}"#;
    let id = queue.ok(["enqueue", "llm-haiku", payload, "--stream", "auth"]);
    queue.claim("auth");
    let result = r#"{"summary":"s","output_path":"docs/a.md"}"#;
    let complete = || queue.run(["complete", &id, "--result", result]);
    insta::assert_snapshot!(complete(), @r#"
    exit: 1
    ----- stderr -----
    Error: the result does not do for tool `llm-haiku`, and task `[ID]` stays running
      /output_path: `docs/a.md` is not there, seen from the folder of `sparkq.toml`: write the answer to that file and complete the task then, or fail it [not-found]
    Hint: mend it and complete the task, or: sparkq fail [ID] --error "what went wrong"
    "#);
    queue.write("docs/a.md", "");
    insta::assert_snapshot!(complete(), @r#"
    exit: 1
    ----- stderr -----
    Error: the result does not do for tool `llm-haiku`, and task `[ID]` stays running
      /output_path: `docs/a.md` is empty, seen from the folder of `sparkq.toml`: write the answer to that file and complete the task then, or fail it [not-found]
    Hint: mend it and complete the task, or: sparkq fail [ID] --error "what went wrong"
    "#);
    queue.write("docs/a.md", "The answer.\n");
    assert_eq!(complete(), "exit: 0\n");
}

#[test]
fn a_check_that_keeps_quiet_about_what_is_missing_is_refused() {
    let queue = TestQueue::new();
    let payload = r#"{"directory":"dist","paths":["scripts/a.sh","out.md"]}"#;
    let id = queue.ok(["enqueue", "validate-outputs", payload, "--stream", "auth"]);
    queue.claim("auth");
    insta::assert_snapshot!(queue.run(["complete", &id, "--summary", "all fine"]), @r#"
    exit: 1
    ----- stderr -----
    Error: the result does not do for tool `validate-outputs`, and task `[ID]` stays running
      /findings: is missing: list what you found, or nothing at all, as in [] [required]
    Hint: mend it and complete the task, or: sparkq fail [ID] --error "what went wrong"
    "#);
    let quiet = r#"{"summary":"all fine","findings":[]}"#;
    insta::assert_snapshot!(queue.run(["complete", &id, "--result", quiet]), @r#"
    exit: 1
    ----- stderr -----
    Error: the result does not do for tool `validate-outputs`, and task `[ID]` stays running
      /findings: say nothing of `dist`, which is not there, seen from the folder of `sparkq.toml`: name it in one of them, or fail the task [not-found]
      /findings: say nothing of `out.md`, which is not there, seen from the folder of `sparkq.toml`: name it in one of them, or fail the task [not-found]
    Hint: mend it and complete the task, or: sparkq fail [ID] --error "what went wrong"
    "#);
    let told =
        r#"{"summary":"nothing is there","findings":["`dist/` is missing, and so is out.md."]}"#;
    queue.ok(["complete", &id, "--result", told]);
}

#[test]
fn a_task_is_completed_once() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    insta::assert_snapshot!(queue.run(["complete", &id, "--summary", "done"]), @"exit: 0");
    insta::assert_snapshot!(queue.run(["complete", &id, "--summary", "done"]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is succeeded, so it cannot be completed
    Hint: see what became of it: sparkq task [ID]
    ");
    insta::assert_snapshot!(queue.run(["fail", &id, "--error", "late"]), @"
    exit: 1
    ----- stderr -----
    Error: task `[ID]` is succeeded, so it cannot be failed
    Hint: see what became of it: sparkq task [ID]
    ");
    assert_eq!(
        queue.json(["task", &id, "--json"])["result"]["summary"],
        "done"
    );
}

#[test]
fn results_and_outputs_come_from_arguments_files_and_standard_input_byte_for_byte() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    queue.write("out.txt", "line 1\r\n\tüñí \u{1b}[31mred\u{0}end");
    let args = [
        "complete",
        &id,
        "--result",
        "-",
        "--stdout",
        "@out.txt",
        "--stderr",
        "-5 warnings",
    ];
    let result = r#"{"summary":"done","z":1,"a":[2.50,18446744073709551615]}"#;
    assert_eq!(queue.run_with_input(args, result), "exit: 0\n");
    let task = queue.json(["task", &id, "--json"]);
    assert_eq!(task["stdout"], "line 1\r\n\tüñí \u{1b}[31mred\u{0}end");
    assert_eq!(task["stderr"], "-5 warnings");
    assert_eq!(
        task["result"].to_string(),
        r#"{"summary":"done","z":1,"a":[2.5,18446744073709551615]}"#
    );
}

#[test]
fn standard_input_can_be_only_one_of_the_arguments() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    insta::assert_snapshot!(queue.run(["complete", &id, "--summary", "-", "--stdout", "-"]), @"
    exit: 1
    ----- stderr -----
    Error: --stdout cannot be -, because another argument reads standard input already
    Hint: see sparkq complete --help
    ");
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");
}
