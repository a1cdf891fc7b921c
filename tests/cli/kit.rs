//! What the author of a plugin has: `plugin check`, `inspect`, `test` and `dev`.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::bench::{TestQueue, until};
use crate::guests::{Guest, Tool, guest};

impl TestQueue {
    /// Writes a file that can be run.
    pub(crate) fn script(&self, path: &str, text: &str) {
        self.write(path, text);
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.path(path), executable).expect("changed");
    }

    /// Writes a component, or what is none.
    fn bytes(&self, path: &str, bytes: &[u8]) {
        self.write(path, "");
        fs::write(self.path(path), bytes).expect("written");
    }

    /// A plugin's folder, whose build takes a guest from beside it.
    fn folder(&self, name: &str, guest: &Guest) {
        self.bytes(&format!("{name}.wasm"), &guest.component());
        let script = format!("#!/bin/sh\nset -e\ncp '../{name}.wasm' plugin.wasm\n");
        self.script(&format!("{name}/build.sh"), &script);
    }

    fn case(&self, path: &str, case: &Value) {
        self.write(path, &case.to_string());
    }

    /// What `plugin check` says of a component.
    fn checked(&self, bytes: &[u8]) -> String {
        self.bytes("acme.wasm", bytes);
        self.run(["plugin", "check", "acme.wasm"])
    }

    /// What it says of each of several.
    fn all_checked<const N: usize>(&self, all: [(&str, Vec<u8>); N]) -> String {
        let mut said = String::new();
        for (what, bytes) in all {
            said += &["-- ", what, "\n", &self.checked(&bytes)].concat();
        }
        said
    }
}

/// A core instance that traps when it is asked what it is.
const TRAP: &str = r#"(core module $module
    (memory (export "memory") 1)
    (func (export "get") (result i32) unreachable))
  (core instance $guest (instantiate $module))"#;

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("WebAssembly")
}

/// A built-in plugin's component.
fn built_in(name: &str) -> Vec<u8> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sparkq-assets/plugins");
    fs::read(assets.join(name).with_extension("wasm")).expect("built by cargo xtask build")
}

/// A guest that finds nothing to say against itself.
fn fine() -> Guest {
    Guest::with_tool(|tool| {
        tool.schema = json!({
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string", "maxLength": 9}, "to": {"enum": ["de", "fr"]}},
            "additionalProperties": false,
        })
        .to_string();
        r#"{"text":"Hello"}"#.clone_into(&mut tool.example);
    })
}

fn with_tool(change: impl FnOnce(&mut Tool)) -> Vec<u8> {
    let mut guest = fine();
    change(&mut guest.tools[0]);
    guest.component()
}

#[test]
fn check_finds_nothing_in_a_plugin_that_is_as_it_should_be() {
    let folder = TestQueue::without_project();
    insta::assert_snapshot!(folder.checked(&fine().component()), @"exit: 0");
    let json = folder.json(["--json", "plugin", "check", "acme.wasm"]);
    assert_eq!(json, json!({"ok": true, "findings": []}));
    for name in ["checks", "llm", "scripts", "script-index"] {
        folder.bytes("own.wasm", &built_in(name));
        let said = folder.json(["--json", "plugin", "check", "own.wasm"]);
        assert_eq!(said["ok"], true, "{name}: {said}");
    }
}

#[test]
fn check_says_what_a_file_is_that_is_no_component_and_what_makes_one_of_it() {
    let folder = TestQueue::without_project();
    let component = fine().component();
    let all = [
        ("a core module", wat("(module)")),
        ("native code", b"\x7fELF\x02".to_vec()),
        ("text", b"(component)".to_vec()),
        ("a script", b"#!/bin/sh\n".to_vec()),
        ("its first bytes", component[..6].to_vec()),
        ("half of it", component[..component.len() / 2].to_vec()),
        ("nothing", Vec::new()),
    ];
    insta::assert_snapshot!(folder.all_checked(all), @"
    -- a core module
    exit: 1
    ----- stdout -----
    error component: it is a core module, not a component: build it for the target wasm32-wasip2, or make a component of it with `wasm-tools component new` [load]
      fix: for Rust: cargo build --release --target wasm32-wasip2; for a module of another language: wasm-tools component new acme.wasm -o PLUGIN.wasm
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- native code
    exit: 1
    ----- stdout -----
    error component: it is compiled already: native code is never taken, only the component that it was made from [load]
      fix: give the component itself, as ./build.sh writes it
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- text
    exit: 1
    ----- stdout -----
    error component: it is WebAssembly text: assemble it first, with `wasm-tools parse` [load]
      fix: wasm-tools parse acme.wasm -o PLUGIN.wasm
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- a script
    exit: 1
    ----- stdout -----
    error component: it is no WebAssembly [load]
      fix: give the .wasm file that ./build.sh writes; to start a plugin: sparkq plugin new NAME --lang rust
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- its first bytes
    exit: 1
    ----- stdout -----
    error component: it is cut off: only its first bytes are there [load]
      fix: build it again: ./build.sh
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- half of it
    exit: 1
    ----- stdout -----
    error component: it is cut off: failed to parse WebAssembly module: unexpected end-of-file (at offset 0x7ee) [load]
      fix: build it again: ./build.sh
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- nothing
    exit: 1
    ----- stdout -----
    error component: it is empty [load]
      fix: build it again: ./build.sh
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    ");
}

#[test]
fn check_names_every_import_that_is_not_there_and_every_export_that_does_not_fit() {
    let folder = TestQueue::without_project();
    let export = |name: &str| {
        format!(r#"(component $c) (instance $i (instantiate $c)) (export "{name}" (instance $i))"#)
    };
    let all = [
        ("nothing at all", "(component)".to_owned()),
        (
            "another version",
            format!("(component {})", export("sparkq:plugin/tools@2.0.0")),
        ),
        (
            "other WASI",
            format!(
                r#"(component
                    (import "wasi:http/types@0.2.0" (instance))
                    (import "wasi:cli/stdin@0.3.0" (instance))
                    (import "acme:tools/run@1.0.0" (instance))
                    {})"#,
                export("sparkq:plugin/about@1.0.0")
            ),
        ),
        (
            "wrong types",
            include_str!("../guests/wrong-type.wat").to_owned(),
        ),
    ];
    insta::assert_snapshot!(folder.all_checked(all.map(|(what, text)| (what, wat(&text)))), @"
    -- nothing at all
    exit: 1
    ----- stdout -----
    error component: it exports none of the interfaces of sparkq:plugin@1.0.0 (about, tools, payloads, scripts, results); what it exports is nothing at all [no-interface]
      fix: build it for a world of wit/plugin.wit: tool, tool-full or indexer
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- another version
    exit: 1
    ----- stdout -----
    error component: it exports none of the interfaces of sparkq:plugin@1.0.0 (about, tools, payloads, scripts, results); what it exports is `sparkq:plugin/tools@2.0.0` [no-interface]
      fix: build it for a world of wit/plugin.wit: tool, tool-full or indexer
    warning component: it exports `sparkq:plugin/tools@2.0.0`, and this SparkQ takes version 1.0.0 [unknown-interface]
      fix: build it with the wit/plugin.wit that sparkq plugin new writes
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- other WASI
    exit: 1
    ----- stdout -----
    error component: it imports `wasi:http/types@0.2.0`, which is not there: plugins have no network [import]
      fix: leave the network to whoever carries the task out; where the tool chain adds it unasked, switch it off, as in jco componentize --disable http
    error component: it imports `wasi:cli/stdin@0.3.0`, which is not there: of WASI there is 0.2 with `cli`, `clocks`, `filesystem`, `io`, `random` and `sockets` [import]
      fix: build it for WASI 0.2: in Rust for the target wasm32-wasip2, in JavaScript and Python with the build.sh that sparkq plugin new writes
    error component: it imports `acme:tools/run@1.0.0`, which is not there: plugins import the interfaces of SparkQ and of WASI alone [import]
      fix: leave it out, or link it into the component: wac plug PLUGIN.wasm --plug OTHER.wasm
    ----- stderr -----
    Error: acme.wasm cannot be added: 3 errors were found in it
    Hint: mend it as each fix says, and look again
    -- wrong types
    exit: 1
    ----- stdout -----
    error component: what it exports has another type than the contract says: expected `record` found `string` [type]
      fix: make its bindings anew from the wit/plugin.wit that sparkq plugin new writes, and build it again
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    ");
}

#[test]
fn check_holds_what_a_plugin_says_of_itself_to_the_contract_and_tells_all_of_it_at_once() {
    let folder = TestQueue::without_project();
    let mut needs = fine();
    for grant in ["network:*", "env:HOME", "env:HOME"] {
        needs.needs.push((grant.to_owned(), " ".to_owned()));
    }
    needs.version = String::new();
    let mut names = fine();
    names.tools = ["run-bash", "Act", "act", "act"]
        .map(|name| Tool {
            name: name.to_owned(),
            ..names.tools[0].clone()
        })
        .to_vec();
    let all = [("needs", needs.component()), ("names", names.component())];
    insta::assert_snapshot!(folder.all_checked(all), @r#"
    -- needs
    exit: 1
    ----- stdout -----
    error about: it needs `network:*`, and a grant is `files:NAME` or `env:NAME` [grant]
      fix: write `files:NAME` for a folder, `env:NAME` for a variable; there are no other grants
    error about: it needs `env:HOME` twice [duplicate]
      fix: leave one of them out, or give it another name
    warning about: it gives no version [no-version]
      fix: give one, such as "1.0.0", and raise it with every release
    warning about: it does not say why it needs `env:HOME` [no-reason]
      fix: say it in one sentence: whoever adds the plugin is asked
    ----- stderr -----
    Error: acme.wasm cannot be added: 2 errors were found in it
    Hint: mend it as each fix says, and look again
    -- names
    exit: 1
    ----- stdout -----
    error tool Act: a name is a lower-case letter, then up to 62 lower-case letters, digits or `-` [name]
      fix: choose a name such as `acme-deploy`
    error tools: it defines tool `act` twice [duplicate]
      fix: leave one of them out, or give it another name
    error tool run-bash: a tool `run-bash` comes with SparkQ, in plugin `scripts` [taken]
      fix: give it another name; or, where it is used, in sparkq.toml: [tools.NEW-NAME] uses = "acme/run-bash"
    ----- stderr -----
    Error: acme.wasm cannot be added: 3 errors were found in it
    Hint: mend it as each fix says, and look again
    "#);
}

#[test]
fn check_looks_at_what_people_read_of_a_tool_and_at_its_examples() {
    let folder = TestQueue::without_project();
    let all = [
        (
            "prose",
            with_tool(|tool| {
                tool.description = "x".repeat(3_000);
                tool.guide = "x".repeat(2_049);
            }),
        ),
        ("blank", with_tool(|tool| tool.guide = " \n".to_owned())),
        (
            "an example of another schema",
            with_tool(|tool| tool.example = r#"{"text":"too long for it","x":1}"#.to_owned()),
        ),
        (
            "an example that is none",
            with_tool(|tool| tool.example = "[".to_owned()),
        ),
    ];
    insta::assert_snapshot!(folder.all_checked(all), @"
    -- prose
    exit: 1
    ----- stdout -----
    error tool act: its description has 3000 bytes, and at most 2048 are taken [too-long]
      fix: say less, or move it to a page that `about.homepage` names
    error tool act: its guide has 2049 bytes, and at most 2048 are taken [too-long]
      fix: say less, or move it to a page that `about.homepage` names
    ----- stderr -----
    Error: acme.wasm cannot be added: 2 errors were found in it
    Hint: mend it as each fix says, and look again
    -- blank
    exit: 0
    ----- stdout -----
    warning tool act: its guide is blank [blank]
      fix: say how a worker carries it out, step by step: claim and the playbook show it
    -- an example of another schema
    exit: 1
    ----- stdout -----
    error tool act: its example `An example` breaks its own schema: /text: must be at most this many characters: 9 [length] [example]
      fix: change the example or the schema, so that they agree
    error tool act: its example `An example` breaks its own schema: /x: is no field of this tool's payload [unknown-field] [example]
      fix: change the example or the schema, so that they agree
    ----- stderr -----
    Error: acme.wasm cannot be added: 2 errors were found in it
    Hint: mend it as each fix says, and look again
    -- an example that is none
    exit: 1
    ----- stdout -----
    error tool act: its example `An example` is not JSON: EOF while parsing a list at line 1 column 1 [json]
      fix: make the text with your language's JSON library
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    ");
}

#[test]
fn check_names_schemas_that_cannot_be_used_and_those_that_say_nothing() {
    let folder = TestQueue::without_project();
    let all = [
        (
            "an outside schema",
            with_tool(|tool| tool.schema = r#"{"$ref":"https://example.com/x"}"#.to_owned()),
        ),
        (
            "no schema",
            with_tool(|tool| tool.schema = "not JSON".to_owned()),
        ),
        (
            "a pattern that looks back",
            with_tool(|tool| tool.schema = r#"{"pattern":"(a)\\1"}"#.to_owned()),
        ),
        (
            "a large schema",
            with_tool(|tool| tool.schema = format!(r#"{{"title":"{}"}}"#, "x".repeat(70_000))),
        ),
        (
            "a schema that takes all",
            with_tool(|tool| tool.schema = "{}".to_owned()),
        ),
    ];
    insta::assert_snapshot!(folder.all_checked(all), @r#"
    -- an outside schema
    exit: 1
    ----- stdout -----
    error tool act: its payload schema cannot be used: it refers to https://example.com/x, which is outside the document [schema]
      fix: write JSON Schema 2020-12 that refers to nothing outside itself, with patterns without look-around and back references
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- no schema
    exit: 1
    ----- stdout -----
    error tool act: its payload schema cannot be used: expected ident at line 1 column 2 [schema]
      fix: write JSON Schema 2020-12 that refers to nothing outside itself, with patterns without look-around and back references
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- a pattern that looks back
    exit: 1
    ----- stdout -----
    error tool act: its payload schema cannot be used: "(a)\\1" is not a "regex" [schema]
      fix: write JSON Schema 2020-12 that refers to nothing outside itself, with patterns without look-around and back references
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- a large schema
    exit: 1
    ----- stdout -----
    error tool act: its payload schema cannot be used: it has 70012 bytes, and at most 65536 are taken [schema]
      fix: write JSON Schema 2020-12 that refers to nothing outside itself, with patterns without look-around and back references
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- a schema that takes all
    exit: 0
    ----- stdout -----
    warning tool act: its schema takes every object, so nobody is told what a payload is [schema-takes-all]
      fix: describe it: {"type": "object", "properties": {…}, "required": […], "additionalProperties": false}
    "#);
}

#[test]
fn check_has_the_plugin_look_at_its_own_examples() {
    let folder = TestQueue::without_project();
    let finding = Guest {
        tools: fine().tools,
        ..Guest::finding("/text", "acme/dull", "is dull", "\"x\"")
    };
    let breaking = Guest {
        tools: fine().tools,
        ..Guest::making(r#"{"text":1}"#)
    };
    let asking = Guest::reading("a.txt", 10);
    let trapping = Guest {
        tools: fine().tools,
        ..guest("trap")
    };
    let all = [
        ("rejects it", finding),
        ("makes something else of it", breaking),
        ("needs a grant", asking),
        ("traps", trapping),
    ];
    insta::assert_snapshot!(folder.all_checked(all.map(|(what, guest)| (what, guest.component()))), @r#"
    -- rejects it
    exit: 1
    ----- stdout -----
    error tool act, example 1 `An example`: the plugin rejects it: /text: is dull [acme/dull] (try "x") [example]
      fix: change the example, or what finds fault with it
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- makes something else of it
    exit: 1
    ----- stdout -----
    error tool act, example 1 `An example`: payloads.normalize: its payload breaks the tool's own schema: /text: must be a string, and is a number [type] [bad-output]
      fix: mend what it returns there
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- needs a grant
    exit: 0
    ----- stdout -----
    warning tool act: its schema takes every object, so nobody is told what a payload is [schema-takes-all]
      fix: describe it: {"type": "object", "properties": {…}, "required": […], "additionalProperties": false}
    warning tool act, example 1 `An example`: the plugin rejects it: (whole document): no grant `files:data` [denied] [example]
      fix: nothing is granted here; grant it in a case of its tests, and: sparkq plugin test DIR
    -- traps
    exit: 1
    ----- stdout -----
    error tool act, example 1 `An example`: payloads.validate: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
      fix: mend what it does there; what it writes to stderr is shown here as its log
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    "#);
}

#[test]
fn check_tells_what_stops_a_plugin_before_it_has_said_a_word() {
    let folder = TestQueue::without_project();
    let frame = include_str!("../guests/about.frame.wat");
    let about = |text: &str| wat(&frame.replace("(; GUEST ;)", text));
    let scripts = include_str!("../guests/scripts.frame.wat");
    let scripts = |text: &str| wat(&scripts.replace("(; GUEST ;)", text));
    // Which limit it runs into first depends on the machine.
    let endless = folder.checked(&guest("endless-start").component());
    assert!(
        endless.contains("[fuel]") || endless.contains("[deadline]"),
        "{endless}"
    );
    let all = [
        (
            "too large",
            about(include_str!("../guests/born-too-large.wat")),
        ),
        ("traps", about(TRAP)),
        (
            "a pattern",
            scripts(include_str!("../guests/bad-pattern.wat")),
        ),
        ("claims", scripts(include_str!("../guests/claims-trap.wat"))),
    ];
    insta::assert_snapshot!(folder.all_checked(all), @"
    -- too large
    exit: 1
    ----- stdout -----
    error component: it wanted 1024 MiB of memory and may have 64 [memory]
      fix: keep less, or ask for more with [plugins.NAME] limits = { memory_mib = … } in sparkq.toml
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- traps
    exit: 1
    ----- stdout -----
    error about.get: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
      fix: mend what it does there; what it writes to stderr is shown here as its log
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- a pattern
    exit: 1
    ----- stdout -----
    warning about: it does not export `about`, so nobody can tell which version it is [no-about]
      fix: export sparkq:plugin/about@1.0.0
    error scripts.claims: it claims [a: unclosed character class; missing ']' [bad-output]
      fix: mend what it returns there
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    -- claims
    exit: 1
    ----- stdout -----
    warning about: it does not export `about`, so nobody can tell which version it is [no-about]
      fix: export sparkq:plugin/about@1.0.0
    error scripts.claims: it trapped: wasm trap: wasm `unreachable` instruction executed [trap]
      fix: mend what it does there; what it writes to stderr is shown here as its log
    ----- stderr -----
    Error: acme.wasm cannot be added: an error was found in it
    Hint: mend it as each fix says, and look again
    ");
}

#[test]
fn check_answers_programs_with_one_document_and_an_error() {
    let folder = TestQueue::without_project();
    folder.bytes("my plugin.wasm", &wat("(module)"));
    insta::assert_snapshot!(folder.run(["--json", "plugin", "check", "my plugin.wasm"]), @r#"
    exit: 1
    ----- stdout -----
    {"ok":false,"findings":[{"severity":"error","place":"component","code":"load","message":"it is a core module, not a component: build it for the target wasm32-wasip2, or make a component of it with `wasm-tools component new`","fix":"for Rust: cargo build --release --target wasm32-wasip2; for a module of another language: wasm-tools component new 'my plugin.wasm' -o PLUGIN.wasm"}]}
    ----- stderr -----
    {"error":"my plugin.wasm cannot be added: an error was found in it","code":"PLUGIN_UNFIT","hint":"mend it as each fix says, and look again"}
    "#);
    insta::assert_snapshot!(folder.run(["plugin", "check", "nowhere.wasm"]), @"
    exit: 1
    ----- stderr -----
    Error: FILE: cannot read `nowhere.wasm`: No such file or directory (os error 2)
    Hint: see sparkq plugin check --help
    ");
    insta::assert_snapshot!(folder.run(["plugin", "check", "."]), @"
    exit: 1
    ----- stderr -----
    Error: FILE: cannot read `.`: it is no file
    Hint: see sparkq plugin check --help
    ");
}

#[test]
fn inspect_shows_what_a_component_is_and_says_of_itself() {
    let folder = TestQueue::without_project();
    let mut guest = Guest::reading("a.txt", 10);
    guest.tools = fine().tools;
    folder.bytes("acme.wasm", &guest.component());
    insta::assert_snapshot!(folder.run(["plugin", "inspect", "acme.wasm"]), @r#"
    exit: 0
    ----- stdout -----
    version      1.0.0
    size         4726 bytes
    sha256       [DIGEST]
    interfaces   about, tools, payloads

    Needs
      files:data: to look at it

    Imports
      sparkq:plugin/files@1.0.0

    Exports
      sparkq:plugin/about@1.0.0
      sparkq:plugin/tools@1.0.0
      sparkq:plugin/payloads@1.0.0

    tool         act
    does         act
    class        LLM_LITE
    schema       {"type":"object","required":["text"],"properties":{"text":{"type":"string","maxLength":9},"to":{"enum":["de","fr"]}},"additionalProperties":false}
    "#);
    let json = folder.json(["--json", "plugin", "inspect", "acme.wasm"]);
    assert_eq!(json["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(json["interfaces"], json!(["about", "tools", "payloads"]));
    assert_eq!(json["needs"][0]["grant"], "files:data");
    assert_eq!(json["tools"][0]["name"], "act");
    assert_eq!(json["tools"][0]["payload_schema"]["required"][0], "text");
    folder.bytes("my plugin.wasm", &wat("(module)"));
    insta::assert_snapshot!(folder.run(["plugin", "inspect", "my plugin.wasm"]), @"
    exit: 1
    ----- stderr -----
    Error: my plugin.wasm cannot be looked into: it is a core module, not a component: build it for the target wasm32-wasip2, or make a component of it with `wasm-tools component new`
    Hint: see what helps: sparkq plugin check 'my plugin.wasm'
    ");
}

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
    let scripts = include_str!("../guests/scripts.frame.wat");
    let trap = scripts.replace("(; GUEST ;)", include_str!("../guests/extract-trap.wat"));
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

#[test]
fn dev_goes_on_through_a_broken_build_until_it_is_interrupted() {
    let folder = TestQueue::without_project();
    folder.folder("acme", &fine());
    let mut dev = folder
        .command()
        .args(["plugin", "dev", "acme"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(dev.stdout.take().expect("piped")).lines();
    let mut round = || {
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let line = line.expect("a line");
            if line == "Waiting for a change in acme" {
                return said;
            }
            said.push(line);
        }
        panic!("it ended: {said:?}")
    };
    let first = round();
    assert_eq!(first.last().map(String::as_str), Some("4 passed, 0 failed"));
    let case = json!({"tool": "act", "payload": {"text": "x"}, "issues": []});
    folder.case("acme/tests/new.json", &case);
    let second = round();
    assert_eq!(second[0], "ok      tests/new.json");
    folder.script(
        "acme/build.sh",
        "#!/bin/sh\necho 'a semicolon is missing'\nexit 1\n",
    );
    let third = round();
    assert_eq!(
        third,
        [
            "a semicolon is missing",
            "FAILED  build.sh ended with exit status: 1"
        ]
    );
    let pid = dev.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.expect("kill is there").success());
    let ended = dev.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{}", ended.status);
    assert!(ended.stderr.is_empty());
}

#[test]
fn dev_answers_programs_with_a_document_a_round_and_ends_when_nobody_reads() {
    let folder = TestQueue::without_project();
    folder.folder("acme", &fine());
    let mut dev = folder
        .command()
        .args(["--json", "plugin", "dev", "acme"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut reader = BufReader::new(dev.stdout.take().expect("piped"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    let round: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!((&round["ok"], &round["passed"]), (&json!(true), &json!(4)));
    drop(reader);
    assert!(dev.wait().expect("it ends").success());
}

#[test]
fn dev_that_is_interrupted_ends_a_build_with_all_that_it_has_started() {
    let folder = TestQueue::without_project();
    let pipe = folder.path("acme/tests");
    fs::create_dir_all(&pipe).expect("made");
    let pipe = pipe.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is there").success());
    folder.script("acme/build.sh", "#!/bin/sh\ncat tests/pipe &\nwait\n");
    let mut dev = folder
        .command()
        .args(["plugin", "dev", "acme"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    // Opens once what the build started has opened it too.
    let mut pipe = fs::OpenOptions::new()
        .write(true)
        .open(&pipe)
        .expect("a reader");
    let pid = dev.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.expect("kill is there").success());
    assert!(dev.wait().expect("it ends").success());
    until("nobody reads", || pipe.write_all(b"x").is_err());
}
