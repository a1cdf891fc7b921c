//! The child that compiles plugins: the program itself, confined.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use sparkq_runtime::{Compiler, FaultKind, Limits, PluginFile, Runtime, Settings};

/// A runtime's settings with which the program compiles plugins.
fn settings() -> Settings {
    Settings {
        compiler: Some(Compiler {
            program: env!("CARGO_BIN_EXE_sparkq").into(),
            args: vec!["compile-plugin".into()],
        }),
        ..Settings::default()
    }
}

/// A runtime that has the program compile its one plugin.
fn runtime(component: Vec<u8>, limits: Limits) -> Runtime {
    let mut file = PluginFile::new("guest", "0".repeat(64), component);
    file.limits = limits;
    Runtime::new(settings(), vec![file])
}

fn why(component: Vec<u8>, limits: Limits) -> String {
    let fault = runtime(component, limits)
        .describe("guest")
        .expect_err("a fault");
    assert_eq!((&fault.kind, fault.function), (&FaultKind::Load, "load"));
    fault.message
}

fn harmless() -> Vec<u8> {
    let frame = include_str!("../guests/about.frame.wat");
    let module = include_str!("../guests/counter.wat");
    wat::parse_str(frame.replace("(; GUEST ;)", module)).expect("a component")
}

/// A component that is small for what it takes to compile: one function, in which everything depends on everything.
fn bomb() -> Vec<u8> {
    let mut body = String::new();
    for number in 0..200_000 {
        let (from, to) = (number % 997, (number * 7 + 3) % 997);
        let _ = write!(
            body,
            "(local.set {to} (i32.add (local.get {from}) (local.get {to})))(br_if 0 (local.get {from}))"
        );
    }
    let locals = "i32 ".repeat(997);
    let module = format!("(component (core module (func (local {locals}) (loop {body}))))");
    wat::parse_str(module).expect("a component")
}

#[test]
fn the_program_itself_compiles_a_plugin() {
    let record = runtime(harmless(), Limits::default())
        .describe("guest")
        .expect("described");
    assert_eq!(record.version, "1");
}

#[test]
fn what_the_child_compiled_is_kept_and_compiled_again_when_it_is_damaged() {
    let cache = tempfile::tempdir().expect("a folder");
    let artefact = || {
        let files = fs::read_dir(cache.path()).expect("a folder");
        let mut paths = files.map(|file| file.expect("a file").path());
        paths.find(|path| path.extension().is_some_and(|end| end == "cwasm"))
    };
    let describe = || {
        let settings = Settings {
            cache_dir: Some(cache.path().into()),
            ..settings()
        };
        let file = PluginFile::new("guest", "0".repeat(64), harmless());
        let described = Runtime::new(settings, vec![file]).describe("guest");
        described.expect("described");
        artefact().expect("an artefact")
    };
    let kept = describe();
    let whole = fs::read(&kept).expect("read");
    let inode = fs::metadata(&kept).expect("there").ino();
    assert_eq!(fs::metadata(describe()).expect("there").ino(), inode);
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&kept, damaged).expect("damaged");
    assert_eq!(fs::read(describe()).expect("read"), whole);
}

#[test]
fn a_component_that_takes_too_long_to_compile_ends_the_child_alone() {
    let limits = Limits {
        compile_time: Duration::from_millis(300),
        ..Limits::default()
    };
    assert_eq!(why(bomb(), limits), "compiling it took more than 0.3 s");
}

#[test]
fn a_component_that_takes_too_much_memory_to_compile_ends_the_child_alone() {
    for mebibytes in [64, 300] {
        let limits = Limits {
            compile_memory: mebibytes << 20,
            ..Limits::default()
        };
        assert_eq!(
            why(bomb(), limits),
            format!("compiling it took more than {mebibytes} MiB of memory")
        );
    }
}

#[test]
fn what_the_compiler_cannot_read_is_said_in_its_words() {
    let whole = harmless();
    let start = whole[..40].to_vec();
    let why = why(start, Limits::default());
    assert!(why.starts_with("it is cut off: "), "{why}");
}
