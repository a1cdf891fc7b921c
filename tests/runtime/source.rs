//! Components on their way in: from a file, through a compiler that may fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use sparkq_runtime::{Compiler, FaultKind, Limits, Runtime, Settings, Source};
use tempfile::TempDir;

use crate::bench::plugin;
use crate::guests::guest;
use crate::hostile::Host;

/// A host whose plugin lies in this file and has the digest of `bytes`.
fn in_file(path: &Path, bytes: Vec<u8>) -> Host {
    Host::with(bytes, |file| file.source = Source::File(path.into()))
}

fn why(path: &Path, bytes: &[u8]) -> String {
    let flaw = in_file(path, bytes.to_vec()).flaw();
    assert_eq!((&flaw.kind, flaw.function), (&FaultKind::Load, "load"));
    flaw.message.replace(&path.display().to_string(), "FILE")
}

#[test]
fn a_component_is_read_from_its_file_at_its_first_call() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("guest.wasm");
    let bytes = guest("harmless").component();
    let host = in_file(&path, bytes.clone());
    fs::write(&path, bytes).expect("written");
    host.check().expect("checked");
    fs::remove_file(&path).expect("removed");
    host.check().expect("it is loaded");
}

#[test]
fn a_component_that_could_not_be_loaded_is_tried_again_at_the_next_call() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("guest.wasm");
    let bytes = guest("harmless").component();
    let host = in_file(&path, bytes.clone());
    assert_eq!(host.flaw().kind, FaultKind::Load);
    fs::write(&path, guest("trap").component()).expect("written");
    assert_eq!(host.flaw().kind, FaultKind::Load);
    fs::write(&path, bytes).expect("written");
    host.check().expect("it is there");
}

#[test]
fn a_component_is_compiled_by_one_thread_for_all_that_wait() {
    let folder = TempDir::new().expect("a folder");
    let starts = folder.path().join("starts");
    let script = format!("echo >> {}; sleep 0.2; exit 1", starts.display());
    let settings = Settings {
        compiler: Some(Compiler {
            program: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
        }),
        ..Settings::default()
    };
    let file = plugin("guest", guest("harmless").component());
    let runtime = Runtime::new(settings, vec![file]);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| runtime.describe("guest").expect_err("a fault"));
        }
    });
    assert_eq!(fs::read(starts).expect("written"), b"\n");
}

#[test]
fn a_component_that_was_swapped_is_not_loaded() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("guest.wasm");
    let approved = guest("harmless").component();
    fs::write(&path, guest("trap").component()).expect("written");
    let why = why(&path, &approved);
    assert!(
        why.starts_with(
            "FILE is another component than the one that was approved: its SHA-256 begins with "
        ),
        "{why}"
    );
}

#[test]
fn what_is_no_file_or_too_large_is_not_read() {
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    assert_eq!(why(&path("missing"), b""), "no file FILE");
    assert_eq!(why(folder.path(), b""), "cannot read FILE: it is no file");
    let made = Command::new("mkfifo").arg(path("pipe")).status();
    assert!(made.expect("mkfifo").success());
    assert_eq!(why(&path("pipe"), b""), "cannot read FILE: it is no file");
    let large = fs::File::create(path("large")).expect("made");
    large.set_len((128 << 20) + 1).expect("a hole");
    assert_eq!(why(&path("large"), b""), "it has more than 128 MiB");
}

#[test]
fn what_was_compiled_already_is_not_taken_from_outside() {
    let cache = TempDir::new().expect("a folder");
    let settings = Settings {
        cache_dir: Some(cache.path().into()),
        ..Settings::default()
    };
    let file = plugin("guest", guest("harmless").component());
    Runtime::new(settings, vec![file])
        .describe("guest")
        .expect("described");
    let artefact = fs::read_dir(cache.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|end| end == "cwasm"))
        .expect("an artefact");
    let flaw = Host::with(fs::read(artefact).expect("read"), |_| ()).flaw();
    assert!(flaw.message.starts_with("it is compiled already"), "{flaw}");
}

/// Why a compiler that is this script cannot compile.
fn compiled_by(script: &str, compile_time: Duration) -> String {
    let settings = Settings {
        compiler: Some(Compiler {
            program: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
        }),
        ..Settings::default()
    };
    let mut file = plugin("guest", guest("harmless").component());
    file.limits = Limits {
        compile_time,
        ..Limits::default()
    };
    let fault = Runtime::new(settings, vec![file])
        .describe("guest")
        .expect_err("a fault");
    assert_eq!(fault.kind, FaultKind::Load);
    fault.message
}

#[test]
fn a_compiler_that_takes_too_long_is_ended() {
    for script in ["exec sleep 1000", "exec 0<&-; exec sleep 1000"] {
        assert_eq!(
            compiled_by(script, Duration::from_millis(40)),
            "compiling it took more than 0.04 s",
            "{script}"
        );
    }
}

#[test]
fn a_compiler_that_fails_fails_alone() {
    let minute = Duration::from_mins(1);
    let by = |script| compiled_by(script, minute);
    assert_eq!(by("echo 'component: it is odd' >&2; exit 1"), "it is odd");
    assert_eq!(by("exit 101"), "it makes the compiler panic");
    assert_eq!(
        by("kill -SEGV $$"),
        "it makes the compiler crash (signal 11)"
    );
    assert_eq!(
        by("echo 'memory allocation of 8 bytes failed' >&2; kill -ABRT $$"),
        "compiling it took more than 2048 MiB of memory"
    );
    assert_eq!(by("kill -XCPU $$"), "compiling it took more than 60 s");
    let why = by("cat >/dev/null; echo rubbish");
    assert!(!why.is_empty(), "what it wrote is no artefact: {why}");
}

#[test]
fn a_compiler_sees_nothing_of_the_environment() {
    let why = compiled_by(
        "cat >/dev/null; echo \"component: x$HOME $(env | grep -c TOKEN) $(pwd) $0 $1\" >&2; exit 1",
        Duration::from_secs(9),
    );
    assert_eq!(why, "x 0 / 2147483648 10");
}
