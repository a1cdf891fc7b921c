//! `plugin test`: the build, the cases, and what holds for every plugin.

use serde_json::{Value, json};

use super::{built_in, fine, wat};
use crate::bench::TestQueue;
use crate::guests::{Guest, guest};

#[test]
fn test_builds_a_plugin_and_runs_its_cases_and_what_has_to_hold_for_each() {
    let folder = TestQueue::without_project();
    folder.folder("acme", &fine());
    let passes = json!({
        "tool": "act", "payload": {"text": "Hello"},
        "normalized": {"payload": {"text": "Hello"}, "label": "a label"}, "issues": [],
    });
    folder.case("acme/tests/a-passes.json", &passes);
    let refused = json!({
        "tool": "act", "payload": {"to": "xx"},
        "issues": [{"pointer": "/to", "code": "enum"}, {"pointer": "/text", "code": "required", "severity": "error"}],
    });
    folder.case("acme/tests/b-is-refused.json", &refused);
    insta::assert_snapshot!(folder.run(["plugin", "test", "acme"]), @"
    exit: 0
    ----- stdout -----
    ok      tests/a-passes.json
    ok      tests/b-is-refused.json
    ok      act: every example passes
    ok      act: 200 made-up payloads, none a fault (133 of them fit the schema)
    ok      act: normalize changes nothing the second time
    ok      act: fresh and warm instances give the same answers, in any order
    6 passed, 0 failed
    ");
    let json = folder.json(["--json", "plugin", "test", "acme", "--no-build"]);
    assert_eq!((&json["ok"], &json["failed"]), (&json!(true), &json!(0)));
    assert_eq!(json["tests"][0]["name"], "tests/a-passes.json");
    insta::assert_snapshot!(folder.run(["plugin", "test", "acme.wasm"]), @"
    exit: 0
    ----- stdout -----
    ok      act: every example passes
    ok      act: 200 made-up payloads, none a fault (133 of them fit the schema)
    ok      act: normalize changes nothing the second time
    ok      act: fresh and warm instances give the same answers, in any order
    4 passed, 0 failed
    ");
}

#[test]
fn test_shows_in_what_a_case_differs_and_what_is_wrong_with_a_case() {
    let folder = TestQueue::without_project();
    let guest = Guest {
        tools: fine().tools,
        ..Guest::finding("/text", "acme/dull", "is dull", "\"x\"")
    };
    folder.folder("acme", &guest);
    let case = |name: &str, rest: Value| {
        let mut case = json!({"tool": "act", "payload": {"text": "Hello"}});
        let rest = rest.as_object().expect("an object").clone();
        case.as_object_mut().expect("an object").extend(rest);
        folder.case(&format!("acme/tests/{name}.json"), &case);
    };
    case(
        "1-another-finding",
        json!({"issues": [{"pointer": "/text", "code": "acme/long"}]}),
    );
    case(
        "2-one-too-many",
        json!({"issues": [
            {"pointer": "/text", "code": "acme/dull", "message": "is boring", "suggestion": 1, "severity": "hint"},
            {"pointer": "", "code": "acme/more"},
        ]}),
    );
    case("3-none", json!({"issues": []}));
    case("4-passes", json!({"normalized": {"label": "Hello"}}));
    case("5-mistyped", json!({"isues": []}));
    case("6-unknown-tool", json!({"tool": "atc", "issues": []}));
    case("7-expects-nothing", json!({}));
    folder.write("acme/tests/8-broken.json", "{");
    folder.write("acme/tests/notes.txt", "no case");
    insta::assert_snapshot!(folder.run(["plugin", "test", "acme"]), @r#"
    exit: 1
    ----- stdout -----
    FAILED  tests/1-another-finding.json
            issue 1: expected /text [acme/long], got /text: is dull [acme/dull] (try "x")
    FAILED  tests/2-one-too-many.json
            issue 1: message: expected `is boring`, got `is dull`
            issue 1: severity: expected hint, got error
            issue 1: suggestion: expected 1, got "x"
            issue 2: expected (whole document) [acme/more], got none
    FAILED  tests/3-none.json
            issue 1: expected none, got /text: is dull [acme/dull] (try "x")
    FAILED  tests/4-passes.json
            it is to pass, and was rejected:
              /text: is dull [acme/dull] (try "x")
    FAILED  tests/5-mistyped.json
            unknown field `isues`, expected one of `tool`, `payload`, `issues`, `normalized`, `result`, `stdout`, `stderr`, `verdict`, `scripts`, `files`, `env`, `config` at line 1 column 48
    FAILED  tests/6-unknown-tool.json
            tool: the plugin has no tool `atc`; it has: act
    FAILED  tests/7-expects-nothing.json
            expects nothing: give `issues`, `normalized`, or `result` with `verdict`
    FAILED  tests/8-broken.json
            is not valid JSON: EOF while parsing an object at line 1 column 1
    FAILED  act: every example passes
            example `An example`: it is rejected:
              /text: is dull [acme/dull] (try "x")
    ok      act: 200 made-up payloads, none a fault (133 of them fit the schema)
    ok      act: normalize changes nothing the second time
    ok      act: fresh and warm instances give the same answers, in any order
    3 passed, 9 failed
    ----- stderr -----
    Error: 9 of 12 tests failed
    Hint: mend it, and have them run at every change: sparkq plugin dev acme
    "#);
}

#[test]
fn a_case_says_what_is_granted_and_which_scripts_there_are() {
    let folder = TestQueue::without_project();
    folder.folder("acme", &Guest::reading("a.txt", 10));
    let case = json!({
        "tool": "act", "payload": {}, "files": {"data": {"a.txt": "from here"}},
        "issues": [{"pointer": "", "code": "read", "message": "from here"}],
    });
    folder.case("acme/tests/granted.json", &case);
    let case = json!({
        "tool": "act", "payload": {}, "issues": [{"pointer": "", "code": "denied"}],
    });
    folder.case("acme/tests/not-granted.json", &case);
    let said = folder.run(["plugin", "test", "acme"]);
    assert!(said.contains("ok      tests/granted.json\n"), "{said}");
    assert!(said.contains("ok      tests/not-granted.json\n"), "{said}");

    folder.bytes("scripts/plugin.wasm", &built_in("scripts"));
    let case = json!({
        "tool": "run-bash", "payload": {"script_path": "./ops//a.sh"}, "scripts": ["ops/a.sh"],
        "normalized": {"payload": {"script_path": "ops/a.sh"}, "label": "ops/a.sh"},
    });
    folder.case("scripts/tests/there.json", &case);
    let case = json!({
        "tool": "run-bash", "payload": {"script_path": "ops/b.sh"}, "scripts": ["ops/a.sh"],
        "issues": [{"pointer": "/script_path", "code": "not-found", "suggestion": "ops/a.sh"}],
    });
    folder.case("scripts/tests/not-there.json", &case);
    let said = folder.run(["plugin", "test", "scripts", "--no-build"]);
    assert!(said.starts_with("exit: 0\n"), "{said}");
}

#[test]
fn a_case_of_a_result_holds_the_plugin_to_its_verdict() {
    let folder = TestQueue::without_project();
    folder.bytes("checks/checks.wasm", &built_in("checks"));
    let case = |name: &str, result: Value, verdict: &str| {
        let case = json!({
            "tool": "validate-outputs", "payload": {"directory": "out"},
            "result": result, "verdict": verdict,
        });
        folder.case(&format!("checks/tests/{name}.json"), &case);
    };
    let done = json!({"summary": "All are there", "findings": []});
    case("1", done.clone(), "succeeded");
    case("2", done.clone(), "unsure");
    case("3", done, "failed");
    case("4", json!({"summary": "All are there"}), "failed");
    insta::assert_snapshot!(folder.run(["plugin", "test", "checks", "--no-build"]), @"
    exit: 1
    ----- stdout -----
    ok      tests/1.json
    FAILED  tests/2.json
            verdict of `validate-outputs`: expected unsure, got succeeded
    FAILED  tests/3.json
            verdict of `validate-outputs`: expected failed, got succeeded
    ok      tests/4.json
    ok      validate-outputs: every example passes
    ok      validate-outputs: 200 made-up payloads, none a fault (132 of them fit the schema)
    ok      validate-outputs: normalize changes nothing the second time
    ok      validate-outputs: fresh and warm instances give the same answers, in any order
    ok      validate-outputs: 60 made-up results, none a fault
    ok      validate-integration: every example passes
    ok      validate-integration: 200 made-up payloads, none a fault (132 of them fit the schema)
    ok      validate-integration: normalize changes nothing the second time
    ok      validate-integration: fresh and warm instances give the same answers, in any order
    ok      validate-integration: 60 made-up results, none a fault
    ok      summarize: every example passes
    ok      summarize: 200 made-up payloads, none a fault (157 of them fit the schema)
    ok      summarize: normalize changes nothing the second time
    ok      summarize: fresh and warm instances give the same answers, in any order
    ok      summarize: 60 made-up results, none a fault
    17 passed, 2 failed
    ----- stderr -----
    Error: 2 of 19 tests failed
    Hint: mend it, and have them run at every change: sparkq plugin dev checks
    ");
}

#[test]
fn a_case_of_a_script_holds_an_indexer_to_what_it_says_of_it() {
    let folder = TestQueue::without_project();
    folder.bytes("index/index.wasm", &built_in("script-index"));
    let case = |name: &str, text: &str, expected: Value| {
        let mut case = json!({"path": "a.sh", "text": text});
        let expected = expected.as_object().expect("an object").clone();
        case.as_object_mut().expect("an object").extend(expected);
        folder.case(&format!("index/tests/{name}.json"), &case);
    };
    let header = "#!/bin/sh\n# name: A\n# timeout: 45\n# tags: x, y\n";
    let known = json!({"name": "A", "language": "shell", "timeout": 45, "tags": ["x", "y"]});
    case("1", header, json!({"script": known, "findings": []}));
    case(
        "2",
        header,
        json!({"script": {"name": "B", "task_class": null}}),
    );
    case("3", header, json!({"script": null}));
    let broken = "#!/bin/sh\n# timeout: soon\n";
    case(
        "4",
        broken,
        json!({"script": {}, "findings": [{"line": 2, "code": "odd"}]}),
    );
    case("5", header, json!({"script": {"tag": "x"}}));
    case("6", header, json!({}));
    insta::assert_snapshot!(folder.run(["plugin", "test", "index", "--no-build"]), @r#"
    exit: 1
    ----- stdout -----
    ok      tests/1.json
    FAILED  tests/2.json
            script/name: expected "B", got "A"
    FAILED  tests/3.json
            it is to be no script, and is `A`
    FAILED  tests/4.json
            findings: expected line 2 [odd], got line 2 [range]
    FAILED  tests/5.json
            script: `tag` is nothing that is known of a script; that is tags, language, task_class, name, params, outputs, timeout, description
    FAILED  tests/6.json
            missing field `script` at line 1 column 76
    ok      scripts: 80 made-up files, none a fault, and the order changes nothing
    2 passed, 5 failed
    ----- stderr -----
    Error: 5 of 7 tests failed
    Hint: mend it, and have them run at every change: sparkq plugin dev index
    "#);
}

#[test]
fn properties_find_a_plugin_that_faults_and_one_that_keeps_state() {
    let folder = TestQueue::without_project();
    for name in ["trap", "trap-once-warm"] {
        let guest = Guest {
            tools: fine().tools,
            ..guest(name)
        };
        folder.bytes(&format!("{name}.wasm"), &guest.component());
    }
    insta::assert_snapshot!(folder.run(["plugin", "test", "trap.wasm"]), @r#"
    exit: 1
    ----- stdout -----
    FAILED  act: every example passes
            example `An example`: the plugin failed in payloads.validate: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
    FAILED  act: 200 made-up payloads, none a fault (133 of them fit the schema)
            {"text":"Hello"}: the plugin failed in payloads.validate: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
            {"text":""}: the plugin failed in payloads.validate: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
            {"text":" . a/"}: the plugin failed in payloads.validate: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
            and 130 more of the kind
    ok      act: normalize changes nothing the second time
    ok      act: fresh and warm instances give the same answers, in any order
    2 passed, 2 failed
    ----- stderr -----
    Error: 2 of 4 tests failed
    "#);
    let said = folder.run(["plugin", "test", "trap-once-warm.wasm"]);
    let same = "FAILED  act: fresh and warm instances give the same answers, in any order";
    assert!(said.contains(same), "{said}");
    let scripts = include_str!("../../guests/scripts.frame.wat");
    let trap = scripts.replace("(; GUEST ;)", include_str!("../../guests/extract-trap.wat"));
    folder.bytes("extract.wasm", &wat(&trap));
    let said = folder.run(["plugin", "test", "extract.wasm"]);
    assert!(said.contains("FAILED  scripts: 80 made-up files"), "{said}");
}

#[test]
fn test_says_what_is_wrong_with_a_build_and_names_commands_that_can_be_pasted() {
    let folder = TestQueue::without_project();
    folder.write("my plugin/notes", "");
    insta::assert_snapshot!(folder.run(["plugin", "test", "my plugin"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin has no build.sh, which would build the plugin
    Hint: write one that leaves one .wasm file beside itself, as sparkq plugin new does; or test what is built already: sparkq plugin test 'my plugin' --no-build
    ");
    folder.write(
        "my plugin/build.sh",
        "#!/bin/sh\necho this goes wrong >&2\nexit 3\n",
    );
    insta::assert_snapshot!(folder.run(["plugin", "test", "my plugin"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin/build.sh cannot be run: it is not executable
    Hint: chmod +x 'my plugin/build.sh'
    ");
    folder.script(
        "my plugin/build.sh",
        "#!/bin/sh\necho this goes wrong >&2\nexit 3\n",
    );
    insta::assert_snapshot!(folder.run(["plugin", "test", "my plugin"]), @"
    exit: 1
    ----- stderr -----
    Error: build.sh ended with exit status: 3
      this goes wrong
    Hint: mend what the build complains of, and try again
    ");
    insta::assert_snapshot!(folder.run(["plugin", "test", "my plugin", "--no-build"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin holds no .wasm file
    Hint: have build.sh write the component beside itself
    ");
    folder.bytes("my plugin/a.wasm", b"");
    folder.bytes("my plugin/b.wasm", b"");
    insta::assert_snapshot!(folder.run(["plugin", "test", "my plugin", "--no-build"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin holds several .wasm files, and one of them is the plugin: a.wasm, b.wasm
    Hint: have build.sh leave one; or test one alone: sparkq plugin test 'my plugin/a.wasm'
    ");
    insta::assert_snapshot!(folder.run(["plugin", "test", "my plugin/a.wasm"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin/a.wasm cannot be tested, because it cannot be used
    Hint: see why: sparkq plugin check 'my plugin/a.wasm'
    ");
    insta::assert_snapshot!(folder.run(["plugin", "dev", "my plugin/a.wasm"]), @"
    exit: 1
    ----- stderr -----
    Error: DIR: `my plugin/a.wasm` is no folder
    Hint: see sparkq plugin dev --help
    ");
    insta::assert_snapshot!(folder.run(["plugin", "test", "nowhere"]), @"
    exit: 1
    ----- stderr -----
    Error: DIR: cannot read `nowhere`: there is no such folder, and no such file
    Hint: see sparkq plugin test --help
    ");
}
