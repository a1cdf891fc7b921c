//! The contract of version 1.0.0 stays as it was: its text, and plugins that were built against it.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use sparkq_runtime::{CheckError, Index, Reported, Runtime};

use crate::bench::{plugin, shared_settings};

/// Every type and function of `wit/sparkq-plugin@1.0.0`, without what is said about them. What stands there now is never
/// to be changed: plugins have been built against it. A new contract is a new folder.
const TYPES: &str = "f99eae50cb85845106c346da635e2df9eb4194d3465c70302594c4bab231ebd7";

#[test]
fn no_type_and_no_function_of_a_frozen_contract_changes() {
    let text = include_str!("../../wit/sparkq-plugin@1.0.0/plugin.wit");
    let code = |line: &str| {
        line.split("//")
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let code: Vec<_> = text
        .lines()
        .map(code)
        .filter(|line| !line.is_empty())
        .collect();
    let digest = Sha256::digest(code.join("\n"));
    let hex = digest
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(hex, TYPES, "{}", code.join("\n"));
}

#[test]
fn a_tool_plugin_that_was_built_against_it_loads_and_works() {
    // Made by `sparkq plugin new translate-docs --lang js`, with componentize-qjs 0.4.5: it imports all that there is.
    let bytes = include_bytes!("fixtures/1.0.0/translate-docs.wasm").to_vec();
    let runtime = Arc::new(Runtime::new(
        shared_settings(),
        vec![plugin("translate-docs", bytes)],
    ));
    let record = runtime
        .describe("translate-docs")
        .expect("it describes itself");
    assert_eq!((record.version.as_str(), record.judges), ("0.1.0", true));
    let tool = &record.tools[0];
    let index = Arc::new(Index::new(
        Arc::clone(&runtime),
        "/nowhere".into(),
        Vec::new(),
        Vec::new(),
    ));
    let check = |payload: Value| {
        let payload: Map<String, Value> = serde_json::from_value(payload).expect("an object");
        runtime.check("translate-docs", tool, &payload, &index)
    };
    let passed = check(json!({"source": "./docs//guide.md", "language": "de"})).expect("it passes");
    assert_eq!(passed.label, "docs/guide.md into German");
    let Err(CheckError::Rejected(issues)) =
        check(json!({"source": "/etc/passwd", "language": "German"}))
    else {
        panic!("it is rejected");
    };
    let found: Vec<_> = issues
        .iter()
        .map(|issue| (issue.pointer.as_str(), issue.suggestion.clone()))
        .collect();
    assert_eq!(
        found,
        [("/source", None), ("/language", Some(json!("de").into()))]
    );

    let judged = |result: Value| {
        let reported = Reported {
            task: None,
            payload: passed.payload.as_str(),
            result: &result.to_string(),
            stdout: Some("a line\n"),
            stderr: None,
            duration_ms: 5,
        };
        runtime.judge("translate-docs", true, tool, &reported, &index)
    };
    let done = json!({"summary": "Done", "target": "docs/guide.de.md", "open": []});
    assert!(judged(done).is_ok());
    let half = json!({"summary": "Most of it", "target": "docs/guide.de.md", "open": ["Appendix"]});
    assert!(matches!(judged(half), Err(CheckError::Rejected(_))));
}

#[test]
fn an_indexer_that_was_built_against_it_loads_and_works() {
    let bytes = include_bytes!("fixtures/1.0.0/script-index.wasm").to_vec();
    let runtime = Runtime::new(shared_settings(), vec![plugin("script-index", bytes)]);
    assert!(runtime.claims("script-index").expect("no fault") > Some(3));
    let script = b"#!/usr/bin/env bash\n# name: Build\n# timeout: 7m\n# tags: ci, slow\n";
    let script = runtime.read_script("script-index", "scripts/build.sh", script);
    let script = script.expect("no fault").expect("a script");
    assert_eq!(
        (script.name.as_str(), script.language.as_str()),
        ("Build", "shell")
    );
    assert_eq!(script.tags, ["ci", "slow"]);
}
