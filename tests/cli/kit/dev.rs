//! `plugin dev`: a round at every change.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::fine;
use crate::bench::{TestQueue, until};

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
