use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use crate::bench::TestQueue;

impl TestQueue {
    /// What a shell would offer in the place of the last word.
    pub(crate) fn offered(&self, words: &[&str]) -> Vec<String> {
        let output = self.shell(words).output().expect("it starts");
        assert!(output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines().map(str::to_owned).collect()
    }

    /// How a shell asks what it could offer in the place of the last word.
    pub(crate) fn shell<W: AsRef<OsStr>>(&self, words: &[W]) -> Command {
        let mut command = self.command();
        command
            .env("SPARKQ_COMPLETE", "bash")
            .env("_CLAP_IFS", "\n")
            .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
            .args(["--", "sparkq"])
            .args(words);
        command
    }
}

#[test]
fn a_word_that_is_no_text_is_no_reason_to_break() {
    let queue = TestQueue::new();
    let words = ["tasks", "--config", "", "--stream", ""].map(OsStr::new);
    let mut words = words.to_vec();
    words[2] = OsStr::from_bytes(b"\xff.toml");
    let output = queue.shell(&words).output().expect("it starts");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn a_shell_is_offered_the_streams_sessions_tools_and_the_ids_that_fit_the_command() {
    let queue = TestQueue::new();
    let failed = queue.running("auth");
    queue.ok(["fail", &failed, "--error", "broken"]);
    let running = queue.running("auth");
    let queued = queue.enqueue("auth", "scripts/a.sh");
    assert_eq!(queue.offered(&["claim", "--stream", ""]), ["auth"]);
    assert_eq!(queue.offered(&["session", "end", ""])[0], "s");
    assert_eq!(
        queue.offered(&["enqueue", "run-"]),
        ["run-bash", "run-bash-fast", "run-python"]
    );
    for (verb, id) in [
        ("complete", running),
        ("cancel", queued),
        ("requeue", failed),
    ] {
        assert_eq!(queue.offered(&[verb, "tsk_"]), [id], "{verb}");
    }
    let outside = TestQueue::without_project();
    assert!(
        outside.offered(&["complete", "tsk_"]).is_empty(),
        "and no word about it"
    );
}

#[test]
fn each_shell_is_taught_to_ask() {
    let queue = TestQueue::without_project();
    for shell in ["bash", "elvish", "fish", "zsh"] {
        let script = queue.ok(["completions", shell]);
        assert!(script.contains("SPARKQ_COMPLETE"), "{shell}: {script}");
    }
}
