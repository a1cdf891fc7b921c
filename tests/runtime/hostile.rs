//! Each limit has a guest that runs into it.

use std::time::Duration;

use sparkq_runtime::{Fault, FaultKind, Limits, Runtime, Settings};

use crate::bench::plugin;

const FRAME: &str = include_str!("../guests/about.frame.wat");

/// A runtime with one plugin, `guest`, made of a core module and the frame.
fn guest(module: &str, limits: Limits) -> Runtime {
    component(
        wat::parse_str(FRAME.replace("(; GUEST ;)", module)).expect("a component"),
        limits,
    )
}

fn component(bytes: Vec<u8>, limits: Limits) -> Runtime {
    let mut file = plugin("guest", bytes);
    file.limits = limits;
    Runtime::new(Settings::default(), vec![file])
}

fn fault(runtime: &Runtime) -> Fault {
    runtime.describe("guest").expect_err("a fault")
}

#[test]
fn a_guest_that_never_comes_back_runs_out_of_fuel() {
    let runtime = guest(
        include_str!("../guests/endless-loop.wat"),
        Limits {
            fuel: 1_000_000,
            ..Limits::default()
        },
    );
    let fault = fault(&runtime);
    assert_eq!(
        (&fault.kind, fault.function),
        (&FaultKind::Fuel, "about.get")
    );
    assert_eq!(
        fault.to_string(),
        "plugin `guest` failed in `about.get`: it used up its 1000000 units of fuel [fuel]; \
         a smaller payload may do; its author can tell what it needs"
    );
}

#[test]
fn a_guest_with_fuel_to_spare_still_meets_its_deadline() {
    let limits = Limits {
        fuel: u64::MAX,
        deadline: Duration::from_millis(30),
        ..Limits::default()
    };
    assert_eq!(
        fault(&guest(include_str!("../guests/endless-loop.wat"), limits)).kind,
        FaultKind::Deadline
    );
}

#[test]
fn a_guest_that_takes_all_memory_is_told_from_one_that_only_traps() {
    let fault_of = |module| fault(&guest(module, Limits::default()));
    let hog = fault_of(include_str!("../guests/memory-hog.wat"));
    assert_eq!(
        (hog.kind, hog.message.as_str()),
        (
            FaultKind::Memory,
            "it wanted 65 MiB and may have 64 MiB of memory"
        )
    );
    assert_eq!(
        fault_of(include_str!("../guests/table-hog.wat")).kind,
        FaultKind::Memory
    );
    assert_eq!(
        fault_of(include_str!("../guests/born-too-large.wat")).kind,
        FaultKind::Memory
    );
}

#[test]
fn after_a_trap_the_next_call_is_served_by_a_fresh_instance() {
    let runtime = guest(
        include_str!("../guests/trap-on-second-call.wat"),
        Limits::default(),
    );
    assert_eq!(runtime.describe("guest").expect("first call").version, "1");
    let fault = fault(&runtime);
    assert_eq!(
        (&fault.kind, fault.version.as_deref()),
        (&FaultKind::Trap, Some("1"))
    );
    assert_eq!(runtime.describe("guest").expect("third call").version, "1");
}

#[test]
fn a_warm_instance_serves_a_bounded_number_of_calls() {
    let runtime = guest(
        include_str!("../guests/counter.wat"),
        Limits {
            calls_per_instance: 2,
            ..Limits::default()
        },
    );
    let versions: Vec<String> = (0..5)
        .map(|_| runtime.describe("guest").expect("described").version)
        .collect();
    assert_eq!(versions, ["1", "2", "1", "2", "1"]);
}

#[test]
fn a_guest_cannot_sleep_past_its_deadline_because_time_stands_still() {
    let runtime = guest(include_str!("../guests/sleeper.wat"), Limits::default());
    assert_eq!(runtime.describe("guest").expect("described").version, "1");
}

#[test]
fn a_stack_that_is_full_is_a_trap_and_not_the_end_of_the_host() {
    assert_eq!(
        fault(&guest(
            include_str!("../guests/deep-recursion.wat"),
            Limits::default()
        ))
        .kind,
        FaultKind::Trap
    );
}

#[test]
fn an_answer_that_is_too_long_or_no_text_is_bad_output() {
    let long = fault(&guest(
        include_str!("../guests/long-answer.wat"),
        Limits::default(),
    ));
    assert_eq!(
        (long.kind, long.message.as_str()),
        (
            FaultKind::BadOutput,
            "it handed over more than 4194304 bytes"
        )
    );
    assert_eq!(
        fault(&guest(
            include_str!("../guests/no-text.wat"),
            Limits::default()
        ))
        .kind,
        FaultKind::BadOutput
    );
}

#[test]
fn an_export_with_the_right_name_and_the_wrong_type_does_not_load() {
    let bytes = wat::parse_str(include_str!("../guests/wrong-type.wat")).expect("a component");
    let fault = fault(&component(bytes, Limits::default()));
    assert_eq!((fault.kind, fault.function), (FaultKind::Load, "load"));
}

#[test]
fn a_component_may_export_any_one_interface() {
    let runtime = guest(include_str!("../guests/counter.wat"), Limits::default());
    assert_eq!(runtime.describe("guest").expect("described").tools, []);
}

#[test]
fn what_is_no_component_does_not_load_and_nothing_panics() {
    let real = crate::bench::component("scripts");
    let core_module = wat::parse_str("(module)").expect("a module");
    let nothing = wat::parse_str("(component)").expect("a component");
    for bytes in [
        Vec::new(),
        b"garbage".to_vec(),
        core_module,
        nothing,
        real[..real.len() / 2].to_vec(),
        real[..8].to_vec(),
    ] {
        assert_eq!(
            fault(&component(bytes, Limits::default())).kind,
            FaultKind::Load
        );
    }
}

#[test]
fn a_plugin_that_is_not_there_is_a_fault_with_its_name() {
    let runtime = Runtime::new(Settings::default(), Vec::new());
    assert_eq!(fault(&runtime).message, "it is not installed");
}
