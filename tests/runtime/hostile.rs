//! Each limit has a guest that runs into it.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Map;
use sparkq_core::PluginRecord;
use sparkq_runtime::{
    CheckError, Checked, Fault, FaultKind, Index, Isolation, JournalLine, Level, Limits,
    PluginFile, Runtime, Settings,
};

use crate::bench::{component, plugin};
use crate::guests::{Guest, NAMES, guest};

/// A runtime with one plugin.
pub(crate) struct Host {
    pub(crate) runtime: Arc<Runtime>,
}

impl Host {
    /// A runtime with this guest, as it is installed by default.
    pub(crate) fn of(guest: &Guest) -> Self {
        Self::with(guest.component(), |_| ())
    }

    /// The same with other limits.
    fn limited(guest: &Guest, limits: Limits) -> Self {
        Self::with(guest.component(), |file| file.limits = limits)
    }

    pub(crate) fn with(bytes: Vec<u8>, change: impl FnOnce(&mut PluginFile)) -> Self {
        let mut file = plugin("guest", bytes);
        change(&mut file);
        Self {
            runtime: Arc::new(Runtime::new(Settings::default(), vec![file])),
        }
    }

    pub(crate) fn describe(&self) -> Result<PluginRecord, Fault> {
        self.runtime.describe("guest")
    }

    /// Has the guest check a payload.
    pub(crate) fn check(&self) -> Result<Checked, CheckError> {
        let tool = self.describe()?.tools.remove(0);
        let index = Index::new(
            Arc::clone(&self.runtime),
            "/".into(),
            Vec::new(),
            Vec::new(),
        );
        self.runtime
            .check("guest", &tool, &Map::new(), &Arc::new(index))
    }

    /// What is wrong with the guest, as a check of a payload shows.
    pub(crate) fn fault(&self) -> Fault {
        match self.check() {
            Err(CheckError::Fault(fault)) => fault,
            other => panic!("expected a fault: {other:?}"),
        }
    }

    /// What is wrong with the guest, before any payload is checked.
    pub(crate) fn flaw(&self) -> Fault {
        self.describe().expect_err("a fault")
    }
}

/// The fault of a guest under limits that it meets soon.
fn fault(name: &str) -> Fault {
    let limits = Limits {
        fuel: 20_000_000,
        ..Limits::default()
    };
    Host::limited(&guest(name), limits).fault()
}

#[test]
fn every_guest_is_a_component_and_only_the_harmless_do_no_harm() {
    let harmless: Vec<&str> = NAMES
        .into_iter()
        .filter(|name| {
            let limits = Limits {
                fuel: 20_000_000,
                ..Limits::default()
            };
            Host::limited(&guest(name), limits).check().is_ok()
        })
        .collect();
    assert_eq!(
        harmless,
        [
            "bidi-description",
            "connects",
            "harmless",
            "injection",
            "log-flood",
            "looks-around",
            "sleeper",
            "starts-bare",
            "trap-once-warm",
        ]
    );
}

#[test]
fn a_guest_that_never_comes_back_runs_out_of_fuel() {
    let fault = fault("endless-loop");
    assert_eq!(
        fault.to_string(),
        "plugin `guest` 1.0.0 failed in `payloads.validate`: it used up its 20000000 units of fuel [fuel]; \
         a smaller payload may do; its author can tell what it needs"
    );
}

#[test]
fn a_guest_that_never_starts_runs_out_of_fuel_too() {
    let limits = Limits {
        fuel: 1_000_000,
        ..Limits::default()
    };
    let fault = Host::limited(&guest("endless-start"), limits).flaw();
    assert_eq!((fault.kind, fault.function), (FaultKind::Fuel, "load"));
}

#[test]
fn a_guest_with_fuel_to_spare_still_meets_its_deadline() {
    for name in ["endless-loop", "endless-start"] {
        let limits = Limits {
            fuel: u64::MAX,
            deadline: Duration::from_millis(30),
            ..Limits::default()
        };
        let host = Host::limited(&guest(name), limits);
        assert_eq!(host.fault().kind, FaultKind::Deadline, "{name}");
    }
}

#[test]
fn so_many_calls_of_a_plugin_run_at_a_time_and_waiting_counts_against_no_deadline() {
    let deadline = Duration::from_millis(100);
    let limits = Limits {
        fuel: u64::MAX,
        deadline,
        ..Limits::default()
    };
    let host = Host::limited(&guest("endless-loop"), limits);
    let tool = host.describe().expect("described").tools.remove(0);
    let at_a_time = thread::available_parallelism().map_or(2, |processors| processors.get().max(2));
    let index = Index::of_everything(Arc::clone(&host.runtime));
    let index = Arc::new(index);
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..4 * at_a_time {
            scope.spawn(|| host.runtime.check("guest", &tool, &Map::new(), &index));
        }
    });
    assert!(began.elapsed() >= 4 * deadline, "{:?}", began.elapsed());
    let said = host.runtime.take_journal();
    assert_eq!(said.len(), 4 * at_a_time);
    for line in said {
        assert_eq!(line.message, "it computed for more than 100 ms [deadline]");
    }
}

#[test]
fn a_guest_that_takes_all_memory_is_told_from_one_that_only_traps() {
    let hog = fault("memory-hog");
    assert_eq!(
        (hog.kind, hog.message.as_str()),
        (
            FaultKind::Memory,
            "it wanted 65 MiB of memory and may have 64"
        )
    );
    let hog = fault("table-hog");
    assert_eq!(
        (hog.kind, hog.message.as_str()),
        (
            FaultKind::Memory,
            "it wanted 100001 table elements and may have 100000"
        )
    );
    assert_eq!(fault("trap").kind, FaultKind::Trap);
}

#[test]
fn a_guest_that_is_born_too_large_is_refused_before_it_starts() {
    let frame = include_str!("../guests/about.frame.wat");
    let module = include_str!("../guests/born-too-large.wat");
    let bytes = wat::parse_str(frame.replace("(; GUEST ;)", module)).expect("a component");
    let flaw = Host::with(bytes, |_| ()).flaw();
    assert_eq!((flaw.kind, flaw.function), (FaultKind::Memory, "load"));
}

#[test]
fn resources_and_random_bytes_are_not_handed_out_without_end() {
    for name in ["resource-hog", "random-hog"] {
        let fault = fault(name);
        assert!(
            matches!(fault.kind, FaultKind::Trap | FaultKind::BadOutput),
            "{fault}"
        );
    }
}

#[test]
fn a_guest_that_ends_its_program_ends_nothing_but_its_call() {
    let fault = fault("exits");
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (FaultKind::Trap, "it exited with code 0")
    );
}

#[test]
fn after_a_trap_the_next_call_is_served_by_a_fresh_instance() {
    let host = Host::of(&guest("trap-once-warm"));
    host.check().expect("the first call");
    let fault = host.fault();
    assert_eq!(
        (&fault.kind, fault.version.as_deref()),
        (&FaultKind::Trap, Some("1.0.0"))
    );
    host.check().expect("the third call");
}

#[test]
fn a_warm_instance_serves_a_bounded_number_of_calls() {
    // A check is two calls.
    let limits = Limits {
        calls_per_instance: 2,
        ..Limits::default()
    };
    let host = Host::limited(&guest("trap-once-warm"), limits);
    for _ in 0..5 {
        host.check().expect("a fresh instance");
    }
}

#[test]
fn an_isolated_plugin_has_a_fresh_instance_for_every_call() {
    let host = Host::with(guest("trap-once-warm").component(), |file| {
        file.isolation = Isolation::Call;
    });
    assert!(!host.runtime.is_warm("guest"));
    for _ in 0..3 {
        host.check().expect("a fresh instance");
    }
    assert!(host.runtime.is_warm("guest"), "nothing is to be loaded");
}

#[test]
fn a_guest_that_keeps_the_host_busy_is_ended_too() {
    let limits = Limits {
        fuel: u64::MAX,
        deadline: Duration::from_mins(10),
        host_time: Duration::from_millis(30),
        ..Limits::default()
    };
    let fault = Host::limited(&guest("waits-for-host"), limits).fault();
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (
            FaultKind::Deadline,
            "what it asked of the host took more than 30 ms"
        )
    );
}

#[test]
fn a_component_of_too_many_parts_does_not_load() {
    let flaw = Host::of(&guest("many-instances")).flaw();
    assert_eq!((&flaw.kind, flaw.function), (&FaultKind::Load, "load"));
    assert!(flaw.message.contains("instance count too high"), "{flaw}");
}

#[test]
fn a_guest_cannot_sleep_past_its_deadline_because_time_stands_still() {
    Host::of(&guest("sleeper")).check().expect("checked");
}

#[test]
fn a_guest_has_no_network() {
    Host::of(&guest("connects")).check().expect("no socket");
}

#[test]
fn a_stack_that_is_full_is_a_trap_and_not_the_end_of_the_host() {
    assert_eq!(fault("deep-recursion").kind, FaultKind::Trap);
}

#[test]
fn an_answer_that_is_too_long_or_no_text_is_bad_output() {
    let long = fault("long-message");
    assert_eq!(
        (long.kind, long.message.as_str()),
        (
            FaultKind::BadOutput,
            "it handed over more than 4194304 bytes"
        )
    );
    for name in ["long-list", "no-text", "outside-memory"] {
        assert_eq!(fault(name).kind, FaultKind::BadOutput, "{name}");
    }
}

#[test]
fn a_payload_that_no_two_readers_understand_alike_is_bad_output() {
    let said = |name| {
        let fault = fault(name);
        assert_eq!(
            (&fault.kind, fault.function),
            (&FaultKind::BadOutput, "payloads.normalize"),
            "{name}"
        );
        fault.message
    };
    assert!(said("duplicate-keys").contains("key `a`"));
    assert!(said("deep-payload").contains("64"));
    assert!(said("no-json").contains("not JSON"));
    assert_eq!(fault("broken-suggestion").function, "payloads.validate");
}

#[test]
fn a_finding_at_a_place_that_there_is_not_counts_for_the_whole_payload() {
    let host = Host::of(&guest("lost-pointer"));
    let Err(CheckError::Rejected(issues)) = host.check() else {
        panic!("expected a rejection");
    };
    assert_eq!((issues[0].pointer.as_str(), &*issues[0].code), ("", "odd"));
    let said = host.runtime.take_journal();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].level, Level::Warn);
    assert_eq!(
        said[0].message,
        "the pointer `/no/such/place` of `odd` leads nowhere, so it counts for the whole document"
    );
}

#[test]
fn names_of_tools_are_plain_and_used_once() {
    let why = |name| Host::of(&guest(name)).flaw().message;
    assert_eq!(why("duplicate-tools"), "it defines tool `act` twice");
    assert!(why("illegal-tool").starts_with("tool `../Act`: a name is a lower-case letter"));
}

#[test]
fn a_schema_that_looks_elsewhere_or_takes_for_ever_is_refused() {
    let why = |name| Host::of(&guest(name)).flaw().message;
    assert!(why("remote-schema").contains("https://example.com/a.json"));
    assert!(why("steep-pattern").contains("payload schema cannot be used"));
    assert_eq!(
        why("endless-schema"),
        "tool `act`: its payload schema cannot be used: with every reference followed it has more than 10000 parts"
    );
}

#[test]
fn what_a_plugin_writes_shows_every_character_that_would_not_be_seen() {
    let record = Host::of(&guest("bidi-description"))
        .describe()
        .expect("described");
    assert_eq!(
        record.tools[0].description,
        r"safe \u{202e}live\u{202c} \u{2066}x\u{2069} a\u{200b}b \u{1b}[2J"
    );
}

#[test]
fn a_flood_of_log_lines_is_cut_and_cannot_write_to_the_terminal() {
    let host = Host::of(&guest("log-flood"));
    host.check().expect("checked");
    let said = host.runtime.take_journal();
    assert_eq!(said.len(), Limits::default().log_lines + 1);
    assert_eq!(
        said[0],
        JournalLine {
            plugin: "guest".to_owned(),
            level: Level::Warn,
            function: "payloads.validate",
            message: r"\u{1b}[31m\u{1b}[2J\u{1b}]0;mine\u{7}\r\nline two \u{202e}".to_owned(),
            task: None,
        }
    );
    let last = &said[said.len() - 1].message;
    assert_eq!(last, "and 9800 more lines, which are not kept");
    assert_eq!(host.runtime.take_journal(), []);
}

#[test]
fn a_fault_stands_in_the_journal() {
    let host = Host::of(&guest("trap"));
    host.fault();
    let said = host.runtime.take_journal();
    assert_eq!(
        (said.len(), said[0].level, said[0].function),
        (1, Level::Fault, "payloads.validate")
    );
    assert!(said[0].message.ends_with("[trap]"), "{}", said[0].message);
}

#[test]
fn an_export_with_the_right_name_and_the_wrong_type_does_not_load() {
    let bytes = wat::parse_str(include_str!("../guests/wrong-type.wat")).expect("a component");
    let flaw = Host::with(bytes, |_| ()).flaw();
    assert_eq!((flaw.kind, flaw.function), (FaultKind::Load, "load"));
}

#[test]
fn a_component_may_export_any_one_interface() {
    let frame = include_str!("../guests/about.frame.wat");
    let module = include_str!("../guests/counter.wat");
    let bytes = wat::parse_str(frame.replace("(; GUEST ;)", module)).expect("a component");
    let host = Host::with(bytes, |_| ());
    assert_eq!(host.describe().expect("described").tools, []);
    let again = host.describe().expect("described").version;
    assert_eq!(again, "1", "it is asked in an instance of its own");
}

#[test]
fn what_is_no_component_does_not_load_and_nothing_panics() {
    let real = component("scripts");
    let core_module = wat::parse_str("(module)").expect("a module");
    for (bytes, why) in [
        (Vec::new(), "it is empty"),
        (b"garbage".to_vec(), "it is no WebAssembly"),
        (core_module, "it is a core module, not a component"),
        (real[..real.len() / 2].to_vec(), "it is cut off"),
        (real[..7].to_vec(), "it is cut off"),
    ] {
        let flaw = Host::with(bytes, |_| ()).flaw();
        assert_eq!(flaw.kind, FaultKind::Load);
        assert!(flaw.message.starts_with(why), "{flaw}");
    }
}

#[test]
fn a_plugin_that_is_not_there_is_a_fault_with_its_name() {
    let runtime = Runtime::new(Settings::default(), Vec::new());
    let fault = runtime.describe("guest").expect_err("a fault");
    assert_eq!(fault.message, "it is not installed");
}
