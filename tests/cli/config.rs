//! What `sparkq.toml` does to commands.

use std::fs;

use crate::bench::TestQueue;

fn append(queue: &TestQueue, text: &str) {
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write("sparkq.toml", &format!("{config}\n{text}"));
}

const PAYLOAD: &str = r#"{"script_path":"scripts/b.sh"}"#;

#[test]
fn a_mistake_in_the_file_stops_every_command_with_its_place() {
    let queue = TestQueue::new();
    append(&queue, "[watch]\nidle = 5\n");
    for args in [
        ["tasks", "--json"],
        ["session", "list"],
        ["setup", "--yes"],
        ["reload", "-v"],
    ] {
        let refused = queue.run(args);
        assert!(refused.starts_with("exit: 1\n"), "{refused}");
        let place = "/sparkq.toml:26:1: unknown key `idle` in [watch]; did you mean `idle_poll`?";
        assert!(refused.contains(place), "{refused}");
    }
}

#[test]
fn a_tool_by_another_name_has_limits_and_a_description_of_its_own() {
    let queue = TestQueue::new();
    append(
        &queue,
        "[tools.run-migrations]\nuses = \"scripts/run-bash\"\ntask_class = \"LLM_HEAVY\"\ntimeout = 1800\n\
         [tools.run-bash]\ntask_class = \"FAST_SCRIPT\"\n",
    );
    let id = queue.ok(["enqueue", "run-migrations", PAYLOAD, "--stream", "auth"]);
    let task = queue.claim("auth");
    assert_eq!(task["id"], id.as_str());
    let said = (&task["tool_name"], &task["task_class"], &task["timeout"]);
    assert_eq!(
        said,
        (&"run-migrations".into(), &"LLM_HEAVY".into(), &1800.into())
    );
    assert!(
        task["guide"]
            .as_str()
            .is_some_and(|guide| guide.contains("script_path")),
        "{task}"
    );
    queue.ok(["enqueue", "run-bash", PAYLOAD, "--stream", "auth"]);
    assert_eq!(queue.claim("auth")["task_class"], "FAST_SCRIPT");
    let flag = [
        "enqueue",
        "run-migrations",
        PAYLOAD,
        "--stream",
        "auth",
        "--timeout",
        "9",
    ];
    queue.ok(flag);
    assert_eq!(queue.claim("auth")["timeout"], 9);
    let header = r#"{"script_path":"scripts/a.sh"}"#;
    queue.ok(["enqueue", "run-migrations", header, "--stream", "auth"]);
    assert_eq!(
        queue.claim("auth")["timeout"],
        45,
        "the script's own header goes before the project"
    );
    insta::assert_snapshot!(queue.run(["enqueue", "run-migration", PAYLOAD, "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: tool `run-migration` was not found; there are `run-migrations`, `run-python`, `run-bash`, `run-bash-fast`, `validate-integration`, `summarize`, `validate-outputs`, `llm-sonnet`, `delegate-codex`, `llm-haiku`
    Hint: see all tools: sparkq tools
    ");
    let rejected = queue.run(["enqueue", "run-migrations", "{}", "--stream", "auth"]);
    assert!(
        rejected.contains("the payload does not fit tool `run-migrations`"),
        "{rejected}"
    );
}

#[test]
fn an_alias_that_fits_no_tool_stops_only_what_needs_tools() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    append(&queue, "[tools.migrate]\nuses = \"run-bsh\"\n");
    insta::assert_snapshot!(queue.run(["enqueue", "run-bash", PAYLOAD, "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:26: [tools.migrate] uses: there is no tool `run-bsh`; there are `run-bash`, `run-bash-fast`, `run-python`, `llm-haiku`, `llm-sonnet`, `summarize`, `delegate-codex`, `validate-outputs`, `validate-integration`
    Hint: correct the entry, then look: sparkq reload
    ");
    queue.ok(["tasks"]);
    let id = queue.claim("auth")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    queue.ok(["complete", &id, "--summary", "done"]);
}

#[test]
fn a_plugin_that_cannot_be_loaded_is_a_warning_and_everything_else_works() {
    let queue = TestQueue::new();
    let digest = "0a".repeat(32);
    append(
        &queue,
        &format!(
            "[plugins.acme]\npath = \"acme.wasm\"\nsha256 = \"{digest}\"\n[tools.ship]\nuses = \"acme/deploy\"\n"
        ),
    );
    queue.ok(["setup", "--yes"]);
    insta::assert_snapshot!(queue.run(["reload", "-v"]), @"
    exit: 0
    ----- stderr -----
    Warning: [tools.ship] is left out: no plugin that is loaded has a tool `acme/deploy`
    Warning: plugin `acme` is not approved on this machine; sparkq plugin approve acme
    All is well: 9 tools, 2 scripts. There is no server to tell.
    ");
    queue.enqueue("auth", "scripts/a.sh");
    insta::assert_snapshot!(queue.run(["enqueue", "ship", "{}", "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: plugin `acme` is not approved on this machine
    Hint: sparkq plugin approve acme
    ");
    insta::assert_snapshot!(queue.run(["enqueue", "deploy", "{}", "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: tool `deploy` was not found; there are `delegate-codex`, `validate-outputs`, `llm-sonnet`, `run-python`, `validate-integration`, `llm-haiku`, `run-bash`, `run-bash-fast`, `summarize`; it may be one of `acme`, which is not loaded
    Hint: see all tools: sparkq tools; and why a plugin is not loaded: sparkq plugin list
    ");
}
