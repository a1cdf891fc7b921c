//! Plugins that misbehave on purpose, against the real server: each is a typed fault within its budget, the server lives,
//! the next call of another plugin is served, nothing is half-written, and the memory comes back.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};
use crate::guests::{Guest, guest};

/// How long a call of a hostile plugin may compute.
const BUDGET: Duration = Duration::from_millis(500);
/// What the server itself may add to that.
const SLACK: Duration = Duration::from_millis(50);

/// The settings of a hostile plugin: little enough to run out of while somebody waits.
const LIMITS: &str = "limits = { fuel = 50000000, deadline_ms = 500 }";

/// What a guest does when a payload of its tool is checked, and what comes of it: the kind of fault, or the answer's code
/// where it is none.
const ACTS: &[(&str, &str)] = &[
    ("broken-suggestion", "bad-output"),
    ("connects", "CREATED"),
    ("deep-payload", "bad-output"),
    ("deep-recursion", "trap"),
    ("duplicate-keys", "bad-output"),
    ("endless-loop", "fuel"),
    ("exits", "trap"),
    ("harmless", "CREATED"),
    ("injection", "CREATED"),
    ("log-flood", "CREATED"),
    ("long-list", "bad-output"),
    ("long-message", "bad-output"),
    ("looks-around", "CREATED"),
    ("lost-pointer", "PAYLOAD_REJECTED"),
    ("memory-hog", "memory"),
    ("no-json", "bad-output"),
    ("no-text", "bad-output"),
    ("outside-memory", "bad-output"),
    ("random-hog", "bad-output"),
    ("resource-hog", "bad-output"),
    ("sleeper", "CREATED"),
    ("table-hog", "memory"),
    ("trap", "trap"),
    ("trap-once-warm", "CREATED"),
];

/// What is wrong with a plugin before anybody uses it: the word that its reason has in it.
const WORDS: &[(&str, &str)] = &[
    ("duplicate-tools", "twice"),
    ("endless-start", "[fuel]"),
    ("illegal-tool", "lower-case"),
    ("remote-schema", "schema"),
    ("steep-pattern", "schema"),
];

/// The tool of a guest, by a name of its own.
fn renamed(name: &str) -> Vec<u8> {
    let mut guest: Guest = guest(name);
    for tool in &mut guest.tools {
        if tool.name == "act" {
            name.clone_into(&mut tool.name);
        }
    }
    guest.component()
}

/// Memory of the server, in KiB.
fn memory(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).expect("it lives");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.expect("a line").parse().expect("a number")
}

/// A plugin of the list.
fn named<'a>(plugins: &'a Value, name: &str) -> &'a Value {
    let mut items = plugins["items"].as_array().expect("a list").iter();
    items.find(|plugin| plugin["name"] == name).expect("listed")
}

/// What came of one enqueue: its fault's kind, or its code.
fn outcome(server: &Server, tool: &str) -> String {
    let body = json!({"tool_name": tool, "payload": {}, "stream_id": "auth"});
    let answer = server.post("/api/tasks", &body);
    match answer.status {
        201 => "CREATED".to_owned(),
        500 => {
            assert_eq!(answer.body["code"], "PLUGIN_FAULT", "{}", answer.body);
            let error = answer.body["error"].as_str().expect("a sentence");
            let kind = error
                .rsplit_once('[')
                .and_then(|(_, rest)| rest.split_once(']'));
            kind.map_or(error, |(kind, _)| kind).to_owned()
        }
        _ => answer.body["code"].as_str().unwrap_or_default().to_owned(),
    }
}

#[test]
fn a_hostile_plugin_hurts_nobody() {
    let queue = TestQueue::new();
    queue.vouch("good", &renamed("harmless"), "");
    for (name, _) in ACTS
        .iter()
        .chain(WORDS)
        .filter(|(name, _)| *name != "harmless")
    {
        queue.vouch(name, &renamed(name), LIMITS);
    }
    let server = Server::start(&queue);
    // Asks all of them what they are.
    let plugins = server.get("/api/plugins").body;
    for (name, word) in WORDS {
        let plugin = named(&plugins, name);
        assert_eq!(plugin["state"], "broken", "{plugin}");
        let why = plugin["why"].as_str().expect("a reason");
        assert!(why.contains(word) && why.contains(name), "{why}");
    }
    let mut wrong = Vec::new();
    let warm = |wrong: &mut Vec<String>| {
        for (name, expected) in ACTS {
            let (tasks, _) = queue.size();
            let started = Instant::now();
            let came = outcome(&server, name);
            let mut took = started.elapsed();
            if took > BUDGET + SLACK {
                // Somebody else had the machine, or the plugin was still to be loaded.
                let started = Instant::now();
                outcome(&server, name);
                took = took.min(started.elapsed());
            }
            let written = queue.size().0 - tasks;
            if came != *expected || took > BUDGET + SLACK || (came != "CREATED" && written > 0) {
                wrong.push(format!(
                    "{name}: {came} after {took:?}, {written} tasks written"
                ));
            }
            let next = outcome(&server, "harmless");
            if next != "CREATED" {
                wrong.push(format!("after {name}: {next}"));
            }
        }
    };
    warm(&mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What a first call of each leaves behind for the next is there after two rounds.
    warm(&mut Vec::new());
    let before = memory(&server);
    warm(&mut Vec::new());
    let after = memory(&server);
    assert!(
        after <= before + before / 10,
        "{before} KiB before, {after} KiB after"
    );
    assert_eq!(server.get("/api/health").body["status"], "ok");
    let check: String = queue
        .database()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a word");
    assert_eq!(check, "ok");
}

#[test]
fn what_is_no_plugin_is_not_loaded_and_says_why() {
    let queue = TestQueue::new();
    queue.vouch("good", &guest("harmless").component(), "");
    let whole = guest("harmless").component();
    let world = "(component (component $x) (instance $i (instantiate $x)) (export \"sparkq:plugin/tools@2.0.0\" (instance $i)))";
    let import = "(component (import \"wasi:http/types@0.2.0\" (instance)))";
    let text = |text: &str| wat::parse_str(text).expect("a component");
    let cases: [(&str, Vec<u8>); 6] = [
        ("core-module", text("(module)")),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("garbage", b"garbage".to_vec()),
        ("precompiled", b"\x7fELF\x02\x01\x01".to_vec()),
        ("wrong-world", text(world)),
        ("missing-import", text(import)),
    ];
    for (name, bytes) in &cases {
        queue.vouch(name, bytes, "");
    }
    let server = Server::start(&queue);
    let plugins = server.get("/api/plugins").body;
    let mut reasons = Vec::new();
    for (name, _) in &cases {
        let plugin = named(&plugins, name);
        assert_eq!(plugin["state"], "broken", "{plugin}");
        let why = plugin["why"].as_str().expect("a reason");
        // Where a file is cut off depends on how long it is.
        reasons.push(why.split(" (at offset").next().unwrap_or(why));
    }
    insta::assert_snapshot!(reasons.join("\n"), @"
    plugin `core-module` failed in `load`: it is a core module, not a component: build it for the target wasm32-wasip2, or make a component of it with `wasm-tools component new` [load]; `sparkq plugin inspect FILE` shows what a component wants and has
    plugin `truncated` failed in `load`: it is cut off: failed to parse WebAssembly module: unexpected end-of-file
    plugin `garbage` failed in `load`: it is no WebAssembly [load]; `sparkq plugin inspect FILE` shows what a component wants and has
    plugin `precompiled` failed in `load`: it is compiled already: native code is never taken, only the component that it was made from [load]; `sparkq plugin inspect FILE` shows what a component wants and has
    plugin `wrong-world` failed in `load`: it exports none of the interfaces of sparkq:plugin@1.0.0 (about, tools, payloads, scripts, results); what it exports is `sparkq:plugin/tools@2.0.0` [load]; `sparkq plugin inspect FILE` shows what a component wants and has
    plugin `missing-import` failed in `load`: it imports `wasi:http/types@0.2.0`, which is not there: plugins have no network; it exports none of the interfaces of sparkq:plugin@1.0.0 (about, tools, payloads, scripts, results); what it exports is nothing at all [load]; `sparkq plugin inspect FILE` shows what a component wants and has
    ");
    assert_eq!(outcome(&server, "act"), "CREATED");
}

#[test]
fn a_component_swapped_on_disk_after_consent_is_not_run() {
    let queue = TestQueue::new();
    queue.vouch("acme", &guest("harmless").component(), "");
    let server = Server::start(&queue);
    assert_eq!(outcome(&server, "act"), "CREATED");
    drop(server);
    let (tasks, _) = queue.size();
    fs::write(queue.path("acme.wasm"), guest("trap").component()).expect("written");
    let server = Server::start(&queue);
    let refused = || {
        let body = json!({"tool_name": "act", "payload": {}, "stream_id": "auth"});
        let answer = server.post("/api/tasks", &body);
        answer.body["error"]
            .as_str()
            .expect("a sentence")
            .to_owned()
    };
    let why =
        "/acme.wasm is another component than the one that was approved: its SHA-256 begins with ";
    let first = refused();
    assert!(
        first.starts_with("plugin `acme` failed in `load`: ") && first.contains(why),
        "{first}"
    );
    server.post("/api/reload", &json!({}));
    assert_eq!(refused(), first);
    assert_eq!(queue.size().0, tasks, "nothing is written");
    assert_eq!(outcome(&server, "run-bash"), "PAYLOAD_REJECTED");
}
