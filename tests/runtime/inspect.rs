//! Looking at components without running them.

use sparkq_runtime::{FaultKind, Inspection, Runtime, Settings};

use crate::bench::{component, shared_settings};
use crate::guests::guest;
use crate::hostile::Host;

fn inspect(bytes: &[u8]) -> Inspection {
    let runtime = Runtime::new(shared_settings(), Vec::new());
    runtime.inspect(bytes).expect("a component")
}

fn other_world() -> Vec<u8> {
    wat::parse_str(include_str!("../guests/other-world.wat")).expect("a component")
}

#[test]
fn a_plugin_shows_what_it_wants_and_has() {
    let bytes = component("scripts");
    let seen = inspect(&bytes);
    assert_eq!(seen.size, bytes.len() as u64);
    assert_eq!(seen.digest.len(), 64);
    assert_eq!(seen.interfaces, ["about", "tools", "payloads", "results"]);
    assert_eq!(seen.problems, [""; 0]);
    let index = seen
        .imports
        .iter()
        .find(|item| item.name == "sparkq:plugin/index@1.0.0")
        .expect("it looks scripts up");
    assert_eq!(index.functions, ["lookup", "nearest"]);
    let tools = seen
        .exports
        .iter()
        .find(|item| item.name == "sparkq:plugin/tools@1.0.0")
        .expect("it has tools");
    assert_eq!(tools.functions, ["definitions"]);
}

#[test]
fn nothing_of_a_component_is_run_to_look_at_it() {
    for name in ["endless-start", "many-instances", "trap"] {
        let seen = inspect(&guest(name).component());
        assert_eq!(seen.interfaces, ["about", "tools", "payloads"]);
        assert_eq!(seen.problems, [""; 0], "{name}");
    }
}

#[test]
fn every_reason_why_a_component_does_not_fit_is_given() {
    let seen = inspect(&other_world());
    assert_eq!(seen.interfaces, [""; 0]);
    let begins: Vec<&str> = seen
        .problems
        .iter()
        .map(|why| why.split(": ").next().unwrap_or(why))
        .collect();
    assert_eq!(
        begins,
        [
            "it imports `acme:queue/jobs@3.1.0`, which is not there",
            "it imports `wasi:http/types@0.2.0`, which is not there",
            "it imports `sparkq:plugin/secrets@1.2.0`, which is not there",
            "it exports none of the interfaces of sparkq:plugin@1.0.0 (about, tools, payloads, scripts, results); \
             what it exports is `sparkq:plugin/tools@2.0.0`, `acme:queue/handler@3.1.0`",
            "it exports `sparkq:plugin/tools@2.0.0`, and this SparkQ takes version 1.0.0",
        ]
    );
    let flaw = Host::with(other_world(), |_| ()).flaw();
    assert_eq!(flaw.kind, FaultKind::Load);
    assert!(
        flaw.message.contains("`acme:queue/jobs@3.1.0`") && flaw.message.contains("tools@2.0.0"),
        "{flaw}"
    );
}

#[test]
fn what_is_no_component_cannot_be_looked_at() {
    let runtime = Runtime::new(Settings::default(), Vec::new());
    let fault = runtime.inspect(b"\0asm\x01\0\0\0").expect_err("a fault");
    assert!(fault.message.starts_with("it is a core module"), "{fault}");
}
