//! `plugin check`: what would stop a component, and what is odd in it.

use serde_json::json;

use super::{TRAP, built_in, fine, wat, with_tool};
use crate::bench::TestQueue;
use crate::guests::{Guest, Tool, guest};

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
            include_str!("../../guests/wrong-type.wat").to_owned(),
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
    let frame = include_str!("../../guests/about.frame.wat");
    let about = |text: &str| wat(&frame.replace("(; GUEST ;)", text));
    let scripts = include_str!("../../guests/scripts.frame.wat");
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
            about(include_str!("../../guests/born-too-large.wat")),
        ),
        ("traps", about(TRAP)),
        (
            "a pattern",
            scripts(include_str!("../../guests/bad-pattern.wat")),
        ),
        (
            "claims",
            scripts(include_str!("../../guests/claims-trap.wat")),
        ),
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
