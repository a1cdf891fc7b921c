use crate::bench::{Server, TestQueue};

#[test]
fn enqueue_prints_the_id_alone() {
    let queue = TestQueue::new();
    let payload = r#"{"script_path":"scripts/a.sh"}"#;
    insta::assert_snapshot!(queue.run(["enqueue", "run-bash", payload, "--stream", "auth"]), @"
    exit: 0
    ----- stdout -----
    [ID]
    ");
}

#[test]
fn a_mistyped_script_is_refused_with_the_nearest_paths_and_nothing_is_written() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    let before = queue.size();
    let payload = r#"{"script_path":"scripts/aa.sh"}"#;
    insta::assert_snapshot!(queue.run(["enqueue", "run-bash", payload, "--stream", "auth"]), @r#"
    exit: 1
    ----- stderr -----
    Error: the payload does not fit tool `run-bash`
      /script_path: not in the script index; nearest: `scripts/a.sh`, `scripts/b.sh` [not-found] (try "scripts/a.sh")
    Hint: see what it takes: sparkq tools run-bash
    "#);
    assert_eq!(queue.size(), before);
}

#[test]
fn every_mistake_that_the_schema_finds_is_reported_at_once() {
    let queue = TestQueue::new();
    let payload = r#"{"script_path":7,"colour":"red"}"#;
    insta::assert_snapshot!(queue.run(["enqueue", "run-bash", payload, "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: the payload does not fit tool `run-bash`
      /script_path: must be a string, and is a number [type]
      /colour: is no field of this tool's payload [unknown-field]
    Hint: see what it takes: sparkq tools run-bash
    ");
}

#[test]
fn a_script_written_a_moment_ago_can_be_enqueued_and_a_deleted_one_cannot() {
    let queue = TestQueue::new();
    let write_enqueue_delete = |script: &str| {
        queue.write(script, "echo new\n");
        queue.enqueue("auth", script);
        std::fs::remove_file(queue.path(script)).expect("removed");
        let payload = format!(r#"{{"script_path":"{script}"}}"#);
        let refused = queue.run(["enqueue", "run-bash", &payload, "--stream", "auth"]);
        assert!(
            refused.contains("/script_path: not in the script index") && !refused.contains(script),
            "{refused}"
        );
    };
    write_enqueue_delete("scripts/alone.sh");
    let server = Server::start(&queue);
    write_enqueue_delete("scripts/beside.sh");
    write_enqueue_delete("scripts/alone.sh");
    drop(server);
    write_enqueue_delete("scripts/beside.sh");
}

#[test]
fn the_scripts_header_decides_its_timeout_and_the_enqueuer_has_the_last_word() {
    let queue = TestQueue::new();
    let timeout = |script: &str, flags: &[&str]| {
        let payload = format!(r#"{{"script_path":"{script}"}}"#);
        let mut command = queue.command();
        command
            .args([
                "--json", "enqueue", "run-bash", &payload, "--stream", "auth",
            ])
            .args(flags);
        let output = command.output().expect("it starts");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")["timeout"]
            .as_u64()
    };
    assert_eq!(
        timeout("scripts/b.sh", &[]),
        Some(300),
        "the tool's class, MEDIUM_SCRIPT"
    );
    assert_eq!(
        timeout("scripts/a.sh", &[]),
        Some(45),
        "the script's header"
    );
    assert_eq!(
        timeout("scripts/a.sh", &["--timeout", "2h"]),
        Some(7200),
        "the flag"
    );
}

#[test]
fn a_batch_prints_its_ids_in_order_and_the_tasks_are_claimed_in_that_order() {
    let queue = TestQueue::new();
    let line = |script: &str| {
        format!(r#"{{"tool_name":"run-bash","payload":{{"script_path":"scripts/{script}.sh"}}}}"#)
    };
    queue.write("tasks.ndjson", &["a", "b", "a"].map(line).join("\n"));
    let ids = queue.ok(["enqueue", "--batch", "tasks.ndjson", "--stream", "auth"]);
    let claimed = [(); 3].map(|()| {
        queue.claim("auth")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    });
    assert_eq!(ids.lines().collect::<Vec<_>>(), claimed);
}

#[test]
fn a_large_batch_keeps_its_order_and_names_the_first_of_its_bad_lines() {
    let queue = TestQueue::new();
    let line = |at: usize| {
        let task = r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"},"timeout":"#;
        format!("{task}{}}}", at + 1)
    };
    let mut lines: Vec<_> = (0..450).map(line).collect();
    queue.write("tasks.ndjson", &lines.join("\n"));
    let ids = queue.ok(["enqueue", "--batch", "tasks.ndjson", "--stream", "auth"]);
    let show = ["--json", "task", ids.lines().last().expect("an id")];
    let task: serde_json::Value = serde_json::from_str(&queue.ok(show)).expect("JSON");
    assert_eq!(
        task["timeout"], 450,
        "the ids come in the order of the lines"
    );
    for bad in [440, 220, 221] {
        lines[bad] = line(bad).replace("a.sh", "typo.sh");
    }
    let before = queue.size();
    let enqueue = ["enqueue", "--stream", "auth", "--batch", "-"];
    let refused = queue.run_with_input(enqueue, &lines.join("\n"));
    assert!(
        refused.contains("Error: line 221: the payload"),
        "{refused}"
    );
    assert_eq!(queue.size(), before);
}

#[test]
fn what_commands_write_gathers_beside_the_database_for_a_while_only() {
    let queue = TestQueue::new();
    let task = r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"}}"#;
    queue.write("tasks.ndjson", &vec![task; 4000].join("\n"));
    let enqueue = ["enqueue", "--batch", "tasks.ndjson", "--stream", "auth"];
    let gathered = || {
        queue.ok(enqueue);
        let wal = std::fs::metadata(queue.path("sparkq.db-wal"));
        wal.expect("a WAL").len()
    };
    assert_eq!(gathered(), 0, "a long one is emptied at once");
    let server = Server::start(&queue);
    assert!(gathered() > 0, "a server's is the server's matter");
    drop(server);
    assert_eq!(gathered(), 0);
}

#[test]
fn a_batch_with_one_bad_line_names_it_and_queues_nothing() {
    let queue = TestQueue::new();
    let before = queue.size();
    let good =
        r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"},"stream_id":"auth"}"#;
    let batch = |second: &str| {
        queue.run_with_input(["enqueue", "--batch", "-"], &format!("{good}\n{second}\n"))
    };
    insta::assert_snapshot!(batch(r#"{"tool_name":"run-bash","payload":{}}"#), @"
    exit: 1
    ----- stderr -----
    Error: line 2: stream_id is missing: name the stream the task is for
    Hint: see sparkq enqueue --help
    ");
    insta::assert_snapshot!(batch(&good.replace("a.sh", "typo.sh")), @r#"
    exit: 1
    ----- stderr -----
    Error: line 2: the payload does not fit tool `run-bash`
      /script_path: not in the script index; nearest: `scripts/a.sh`, `scripts/b.sh` [not-found] (try "scripts/a.sh")
    Hint: see what it takes: sparkq tools run-bash
    "#);
    insta::assert_snapshot!(batch(&good.replace("auth", "auht")), @"
    exit: 1
    ----- stderr -----
    Error: line 2: stream `auht` was not found; there is `auth`
    Hint: see all streams: sparkq stream list
    ");
    let refused =
        |line: &str| assert!(batch(line).contains("Error: line 2: the line is"), "{line}");
    refused(" ");
    refused(r#"["run-bash",{"script_path":"scripts/a.sh"},"auth",5]"#);
    insta::assert_snapshot!(batch("{"), @"
    exit: 1
    ----- stderr -----
    Error: line 2: the line is not valid JSON: EOF while parsing an object at column 1
    Hint: check the quoting, or pass the JSON as @file or - (standard input)
    ");
    assert_eq!(queue.size(), before);
}

#[test]
fn a_script_that_is_gone_is_not_recommended() {
    let queue = TestQueue::new();
    queue.write("scripts/new.sh", "echo new\n");
    queue.enqueue("auth", "scripts/new.sh");
    queue.enqueue("auth", "scripts/a.sh");
    std::fs::remove_dir_all(queue.path("scripts")).expect("removed");
    let payload = r#"{"script_path":"scripts/a.sh"}"#;
    let refused = queue.run(["enqueue", "run-bash", payload, "--stream", "auth"]);
    assert!(
        refused.contains("[not-found]") && !refused.contains("new.sh"),
        "{refused}"
    );
}

#[test]
fn a_command_that_goes_well_says_nothing_even_where_compiled_plugins_cannot_be_kept() {
    let queue = TestQueue::new();
    let payload = r#"{"script_path":"scripts/a.sh"}"#;
    let mut command = queue.command();
    command.env("SPARKQ_CACHE_DIR", "/proc/nowhere");
    command.args(["enqueue", "run-bash", payload, "--stream", "auth"]);
    let output = command.output().expect("it starts");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn the_timeout_of_a_class_holds_for_its_tools_and_for_scripts_that_name_it() {
    let queue = TestQueue::new();
    let config = std::fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let config = config
        .replace(
            "FAST_SCRIPT = { timeout = 30 }",
            "FAST_SCRIPT = { timeout = 11 }",
        )
        .replace(
            "LLM_LITE = { timeout = 300 }",
            "LLM_LITE = { timeout = 77 }",
        );
    queue.write("sparkq.toml", &config);
    queue.write(
        "scripts/fast.sh",
        "#!/bin/bash\n# task_class: FAST_SCRIPT\n",
    );
    let limits = |tool: &str, payload: &str| {
        let task = queue.json(["enqueue", tool, payload, "--stream", "auth", "--json"]);
        format!(
            "{} {}",
            task["task_class"].as_str().expect("a class"),
            task["timeout"]
        )
    };
    assert_eq!(
        limits("llm-haiku", r#"{"prompt":"Sum it up"}"#),
        "LLM_LITE 77"
    );
    assert_eq!(
        limits("run-bash", r#"{"script_path":"scripts/fast.sh"}"#),
        "FAST_SCRIPT 11"
    );
    assert_eq!(
        limits("run-bash", r#"{"script_path":"scripts/b.sh"}"#),
        "MEDIUM_SCRIPT 300"
    );
    assert_eq!(queue.json(["tools", "llm-haiku", "--json"])["timeout"], 77);
}

#[test]
fn files_that_a_prompt_names_and_that_cannot_be_meant_are_refused_at_their_places() {
    let queue = TestQueue::new();
    queue.write("docs/guide.md", "Read me.\n");
    let enqueue = |payload: &str| queue.run(["enqueue", "llm-sonnet", payload, "--stream", "auth"]);
    let wrong = r#"{"prompt":"p","context_files":["docs/giude.md","docs","sparkq.toml"],"output_path":"docs"}"#;
    let refused = enqueue(wrong);
    insta::assert_snapshot!(refused, @r#"
    exit: 1
    ----- stderr -----
    Error: the payload does not fit tool `llm-sonnet`
      /context_files/0: is not there: it has to be written first, or left out [not-found] (try "docs/guide.md")
      /context_files/1: is a folder, and files are needed: name those of it that matter [conflict]
      /output_path: is a folder, and a file is needed [conflict]
    Hint: see what it takes: sparkq tools llm-sonnet
    "#);
    let server = Server::start(&queue);
    assert_eq!(enqueue(wrong), refused, "a server says the same");
    drop(server);
    let slip = r#"{"prompt":"p","context_files":["docs/giude.md"],"output_path":"new/a.md"}"#;
    let fix = [
        "enqueue",
        "llm-sonnet",
        slip,
        "--stream",
        "auth",
        "--fix",
        "--check",
    ];
    insta::assert_snapshot!(queue.run(fix), @r#"
    exit: 0
    ----- stdout -----
    {"context_files":["docs/guide.md"],"output_path":"new/a.md","prompt":"p"}
    ----- stderr -----
    Warning: /context_files/0 is now "docs/guide.md"
    Warning: /output_path: its folder `new` is not there, so the worker has to make it [not-found]
    "#);
}

#[test]
fn a_file_whose_folder_is_not_there_yet_is_worth_a_warning() {
    let queue = TestQueue::new();
    let payload = r#"{"prompt":"p","output_path":"new/a.md"}"#;
    let check = [
        "enqueue",
        "llm-haiku",
        payload,
        "--stream",
        "auth",
        "--check",
    ];
    insta::assert_snapshot!(queue.run(check), @r#"
    exit: 0
    ----- stdout -----
    {"output_path":"new/a.md","prompt":"p"}
    ----- stderr -----
    Warning: /output_path: its folder `new` is not there, so the worker has to make it [not-found]
    "#);
}

#[test]
fn a_script_is_not_sent_into_a_folder_that_is_not_there() {
    let queue = TestQueue::new();
    let run = |folder: &str| {
        let payload = format!(r#"{{"script_path":"scripts/a.sh","cwd":"{folder}"}}"#);
        queue.run(["enqueue", "run-bash", &payload, "--stream", "auth"])
    };
    insta::assert_snapshot!(run("services"), @"
    exit: 1
    ----- stderr -----
    Error: the payload does not fit tool `run-bash`
      /cwd: is not there: it has to be made first, or left out [not-found]
    Hint: see what it takes: sparkq tools run-bash
    ");
    insta::assert_snapshot!(run("scripts/a.sh"), @"
    exit: 1
    ----- stderr -----
    Error: the payload does not fit tool `run-bash`
      /cwd: is a file, and a folder is needed [conflict]
    Hint: see what it takes: sparkq tools run-bash
    ");
    assert!(run("scripts").starts_with("exit: 0"));
}
