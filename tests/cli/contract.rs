//! Every command does and says the same wherever the queue is: in the file, behind the project's own server, and on
//! another machine; also where the first answer to everything is lost on the way.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::lossy::{Loses, Lossy};
use crate::bench::{Server, TestQueue};
use crate::help::commands;

/// What each command is tried with, typed in a shell. `$queued`, `$running`, `$failed` and `$done` are tasks of `auth`.
const EVERYWHERE: &[(&str, &[&str])] = &[
    (
        "session create",
        &[
            "session create t --description 'One, two'",
            "session create T",
            "session create 'a b'",
            "--json session create u",
            "session list",
        ],
    ),
    ("session list", &["session list", "--json session list"]),
    (
        "session show",
        &[
            "session show s",
            "--json session show S",
            "session show nobody",
            "session show ''",
        ],
    ),
    (
        "session edit",
        &[
            "session edit s --name t --description x",
            "--json session edit t --name u",
            "session edit s --name v",
        ],
    ),
    (
        "session end",
        &[
            "session end s",
            "session end s -v",
            "stream list",
            "claim --stream auth",
        ],
    ),
    (
        "session reopen",
        &[
            "session end s",
            "session reopen s -v",
            "--json stream show auth",
        ],
    ),
    (
        "stream create",
        &[
            "stream create docs --session s --instructions 'Be brief.'",
            "stream create auth --session s",
            "stream create x --session nobody",
            "printf 'From here' | sparkq --json stream create in --session s --instructions -",
            "stream list",
        ],
    ),
    (
        "stream list",
        &[
            "stream list",
            "stream list --session s",
            "stream list --session no",
            "--json stream list",
        ],
    ),
    (
        "stream show",
        &[
            "stream show auth",
            "--json stream show AUTH",
            "stream show 'no such'",
            "stream show ''",
        ],
    ),
    (
        "stream edit",
        &[
            "stream edit auth --instructions new",
            "stream edit auth",
            "--json stream edit auth --name login",
        ],
    ),
    (
        "stream end",
        &[
            "stream end auth -v",
            "peek --stream auth",
            "stream end nobody",
        ],
    ),
    (
        "stream reopen",
        &[
            "stream end auth",
            "stream reopen auth",
            "--json stream reopen auth",
        ],
    ),
    (
        "enqueue",
        &[
            r#"enqueue run-bash '{"script_path":"scripts/a.sh"}' --stream auth"#,
            r#"--json enqueue run-bash '{"script_path":"scripts/a.sh"}' --stream auth --timeout 2m"#,
            r#"enqueue run-bash '{"script_path":"scripts/a.s"}' --stream auth"#,
            r#"enqueue run-bash '{"script_path":"scripts/a.s"}' --stream auth --fix"#,
            r#"enqueue run-bash '{"script_path":"scripts/a.sh"}' --check"#,
            r#"--json enqueue run-bash '{"script_path":1}' --check"#,
            "enqueue run-bush '{}' --stream auth",
            "enqueue '' '{}' --stream auth",
            "enqueue '' '{}' --check",
            "enqueue run-bash '{' --stream auth",
            r#"printf '%s\n' '{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"}}' | sparkq enqueue --batch - --stream auth"#,
            r#"printf '%s\n' '{"tool_name":"run-bash","payload":{}}' | sparkq enqueue --batch - --stream auth"#,
            "tasks",
        ],
    ),
    ("peek", &["peek --stream auth", "peek --stream nobody"]),
    (
        "claim",
        &[
            "claim",
            "claim --stream auth --worker w",
            "claim --stream auth",
            "claim --stream auth --wait 1",
            "claim --stream nobody",
            "claim --stream auth --wait soon",
            "tasks --status running",
            "task $queued",
        ],
    ),
    (
        "complete",
        &[
            "complete $running --summary 'All done' --stdout out --stderr err",
            "complete $running --summary 'All done'",
            "complete $queued --result '{}'",
            "complete tsk_nosuch --summary x",
            "complete '' --summary x",
            "--json task $running",
        ],
    ),
    (
        "fail",
        &[
            "fail $running --error broken",
            "fail $running --error broken",
            "fail $queued --error ' '",
            "--json task $running",
        ],
    ),
    (
        "tasks",
        &[
            "tasks",
            "tasks --status failed --stream auth --tool run-bash",
            "tasks --stale",
            "tasks --limit 1 --json",
            "tasks --limit 0",
            "tasks --status lost",
            "tasks --stream nobody",
            "tasks --tool nobody",
        ],
    ),
    (
        "task",
        &[
            "task $done",
            "--json task $failed",
            "task ${queued%??}",
            "task nobody",
            "task ''",
            "task ../tasks",
        ],
    ),
    (
        "requeue",
        &[
            "requeue $failed",
            "requeue $failed",
            "requeue $done",
            "--json requeue $done --force",
            "requeue $running",
            r#"requeue nobody --payload '{"x":1}'"#,
            "--json task $failed",
        ],
    ),
    (
        "cancel",
        &[
            "cancel $queued --reason 'not now'",
            "--json cancel $queued",
            "cancel $running",
            "task $queued",
        ],
    ),
    (
        "purge",
        &[
            "purge --dry-run",
            "purge --older-than 0 --dry-run",
            // In JSON numbers are compared too.
            "--json purge --older-than 0",
            "purge --older-than 0",
            "purge --older-than soon",
            "tasks",
        ],
    ),
    ("status", &["status", "--json status"]),
    ("reload", &["reload", "--json reload"]),
    ("plugin list", &["plugin list", "--json plugin list"]),
    (
        "plugin logs",
        &[
            "plugin logs",
            "--json plugin logs --limit 5",
            "plugin logs scripts",
            "plugin logs script",
            "plugin logs --limit 0",
        ],
    ),
    (
        "tools",
        &[
            "tools",
            "tools run-bash",
            "--json tools",
            "--json tools run-bash",
            "tools nobody",
            "tools ''",
        ],
    ),
    (
        "scripts",
        &[
            "scripts",
            "scripts says a",
            "--json scripts",
            "scripts nobody",
        ],
    ),
    (
        "playbook",
        &[
            "playbook --stream auth",
            "playbook",
            "playbook --stream nobody",
            "--json playbook",
        ],
    ),
];

/// What only looks opens the file, also beside a server.
const LOOKS: &[&str] = &[
    "session list",
    "session show",
    "stream list",
    "stream show",
    "peek",
    "tasks",
    "task",
    "status",
    "tools",
    "scripts",
    "plugin list",
    "plugin logs",
];

/// What is done on the machine of the queue alone.
const HERE_ALONE: &[(&str, &str)] = &[
    ("setup", "setup --yes"),
    ("run", "run --no-watch"),
    ("stop", "stop"),
    ("watch", "watch auth"),
    ("teardown", "teardown --yes"),
    ("completions", "completions bash"),
    ("plugin new", "plugin new acme --lang js"),
    ("plugin check", "plugin check acme.wasm"),
    ("plugin test", "plugin test acme"),
    ("plugin dev", "plugin dev acme"),
    ("plugin inspect", "plugin inspect acme.wasm"),
    ("plugin add", "plugin add acme.wasm"),
    ("plugin approve", "plugin approve acme"),
    ("plugin update", "plugin update acme"),
    ("plugin remove", "plugin remove acme"),
];

/// A project with a task in each status, and their ids.
struct Start {
    queue: TestQueue,
    ids: [(&'static str, String); 4],
}

impl Start {
    fn new() -> Self {
        let queue = TestQueue::new();
        let done = queue.running("auth");
        queue.ok(["complete", &done, "--summary", "Done"]);
        let failed = queue.running("auth");
        queue.ok(["fail", &failed, "--error", "broken"]);
        let running = queue.running("auth");
        let queued = queue.enqueue("auth", "scripts/b.sh");
        let ids = [
            ("done", done),
            ("failed", failed),
            ("running", running),
            ("queued", queued),
        ];
        Self { queue, ids }
    }

    /// Types the lines in the folder of `from`, and tells what a person would see.
    fn typed(&self, from: &TestQueue, lines: &[&str]) -> Vec<String> {
        let program = from.command();
        let bin = Path::new(program.get_program()).parent().expect("a folder");
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display());
        let type_in = |line: &&str| {
            let mut bash = Command::new("bash");
            let line = if line.contains("| sparkq") {
                (*line).to_owned()
            } else {
                format!("sparkq {line}")
            };
            bash.args(["-c", &line])
                .current_dir(from.path(""))
                .env_clear()
                .envs(
                    program
                        .get_envs()
                        .filter_map(|(name, value)| Some((name, value?))),
                )
                .envs(self.ids.iter().map(|(name, id)| (name, id)))
                .env("PATH", &path)
                .stdin(std::process::Stdio::null());
            let shown = from.show(&bash.output().expect("bash starts"));
            format!("$ {line}\n{}", alike(&shown))
        };
        lines.iter().map(type_in).collect()
    }
}

/// The text without what may differ: how wide columns are, how long things took, and which server answered.
fn alike(shown: &str) -> String {
    let mut text = String::new();
    for line in shown.lines() {
        let line = match line.split_once("\"server\":") {
            Some((before, after)) => {
                let (_, rest) = after.split_once("\"watchers\"").expect("they follow");
                format!("{before}\"watchers\"{rest}")
            }
            None if line.starts_with("server: ") => "server".to_owned(),
            None => line.to_owned(),
        };
        let words = line.split_whitespace().map(|word| {
            let number = word.trim_end_matches(['s', ')', 'm']);
            if number.is_empty() || number.bytes().any(|byte| !byte.is_ascii_digit()) {
                word
            } else {
                "N"
            }
        });
        let words: Vec<_> = words.collect();
        let mut rest = words.join(" ");
        // In JSON: how long a task waited and ran, and when a script was written.
        for key in ["\"waited_ms\":", "\"ran_ms\":", "\"modified_ns\":"] {
            let mut parts = rest.split(key);
            let first = parts.next().unwrap_or_default().to_owned();
            rest = parts.fold(first, |rest, part| {
                rest + key + part.trim_start_matches(|c: char| c.is_ascii_digit())
            });
        }
        writeln!(text, "{rest}").expect("a text takes it");
    }
    text
}

/// What each command says with the queue in the file, with no server.
fn in_the_file(start: &Start, lines: &[&str]) -> Vec<String> {
    start.typed(&start.queue.copied(), lines)
}

/// Compares what all commands say on another way with what they say with the file alone.
fn compare(say: impl Fn(&Start, &[&str]) -> Vec<String>) {
    compare_those(|_| true, say);
}

/// The same for those that change something.
fn compare_writers(say: impl Fn(&Start, &[&str]) -> Vec<String>) {
    compare_those(|command| !LOOKS.contains(&command), say);
}

fn compare_those(which: impl Fn(&str) -> bool, say: impl Fn(&Start, &[&str]) -> Vec<String>) {
    let start = Start::new();
    let mut wrong = String::new();
    // What a worker is to do differs with the machine it is on: `far` has that.
    let cases = EVERYWHERE
        .iter()
        .filter(|(command, _)| *command != "playbook" && which(command));
    for (command, lines) in cases {
        let pairs = in_the_file(&start, lines)
            .into_iter()
            .zip(say(&start, lines));
        for (expected, said) in pairs.filter(|(expected, said)| expected != said) {
            writeln!(wrong, "{command}:\n{expected}\nand on this way:\n{said}\n").expect("a text");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Puts another address into the lock of the server, where commands of the project find it.
fn detour(queue: &TestQueue, server: &Server, way: &Lossy) {
    let lock = queue.path(".sparkq/run/sparkq.lock");
    let said = fs::read_to_string(&lock).expect("the server has written it");
    assert!(said.contains(&server.address), "{said}");
    fs::write(lock, said.replace(&server.address, &way.address)).expect("written");
}

#[test]
fn every_command_has_a_case_here() {
    let queue = TestQueue::without_project();
    let everywhere = EVERYWHERE.iter().map(|(command, _)| *command);
    let cases: Vec<_> = everywhere
        .chain(HERE_ALONE.iter().map(|(command, _)| *command))
        .collect();
    let all: Vec<_> = commands(&queue, &[])
        .iter()
        .map(|words| words.join(" "))
        .collect();
    let missing: Vec<_> = all
        .iter()
        .filter(|command| !cases.contains(&command.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "no case in EVERYWHERE or HERE_ALONE for {missing:?}"
    );
    let gone: Vec<_> = cases
        .iter()
        .filter(|case| !all.iter().any(|command| command == *case))
        .collect();
    assert!(gone.is_empty(), "there is no such command: {gone:?}");
}

#[test]
fn a_server_of_the_project_changes_nothing_that_a_command_says() {
    compare(|start, lines| {
        let queue = start.queue.copied();
        let _server = Server::start(&queue);
        start.typed(&queue, lines)
    });
}

#[test]
fn from_another_machine_every_command_does_the_same() {
    compare(|start, lines| {
        let queue = start.queue.copied();
        let server = Server::start(&queue);
        start.typed(&TestQueue::far(&server.address), lines)
    });
}

#[test]
fn from_another_machine_nothing_is_doubled_where_every_first_answer_is_lost() {
    compare(|start, lines| {
        let queue = start.queue.copied();
        let server = Server::start(&queue);
        let way = Lossy::before(&server.address);
        let said = start.typed(&TestQueue::far(&way.address), lines);
        assert!(!way.lost().is_empty());
        said
    });
}

#[test]
fn from_another_machine_nothing_is_missing_where_every_request_is_lost_once() {
    compare_writers(|start, lines| {
        let queue = start.queue.copied();
        let server = Server::start(&queue);
        let way = Lossy::losing(&server.address, Loses::Requests, || ());
        let said = start.typed(&TestQueue::far(&way.address), lines);
        assert!(!way.lost().is_empty());
        said
    });
}

#[test]
fn a_command_whose_server_dies_with_the_answer_goes_on_with_the_file_and_doubles_nothing() {
    compare_writers(|start, lines| {
        let queue = start.queue.copied();
        let server = Server::start(&queue);
        let address = server.address.clone();
        let lock = queue.path(".sparkq/run/sparkq.lock");
        let told = fs::read_to_string(&lock).expect("the server has written it");
        let mut server = Some(server);
        let way = Lossy::losing(&address, Loses::Answers, move || {
            server.take().expect("it lives").end("-KILL");
        });
        fs::write(lock, told.replace(&address, &way.address)).expect("written");
        let said = start.typed(&queue, lines);
        assert_eq!(way.lost().len(), 1, "then there is the file alone");
        said
    });
}

#[test]
fn nothing_is_doubled_where_every_first_answer_of_the_projects_server_is_lost() {
    compare_writers(|start, lines| {
        let queue = start.queue.copied();
        let server = Server::start(&queue);
        let way = Lossy::before(&server.address);
        detour(&queue, &server, &way);
        let said = start.typed(&queue, lines);
        assert!(!way.lost().is_empty(), "{lines:?}");
        said
    });
}

#[test]
fn what_is_done_on_the_machine_alone_is_refused_from_another_before_anything_is_done() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let far = TestQueue::far(&server.address);
    for (_, line) in HERE_ALONE {
        let words: Vec<_> = line.split(' ').collect();
        let output = far.command().args(&words).output().expect("it starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line}: {told}");
        assert!(
            told.contains("works on the machine of the queue alone"),
            "{line}: {told}"
        );
        assert!(
            told.contains(&format!("env -u SPARKQ_URL sparkq {line}")),
            "{line}: {told}"
        );
        assert!(output.stdout.is_empty(), "{line}");
    }
    assert_eq!(
        fs::read_dir(far.path("")).expect("a folder").count(),
        0,
        "nothing was made"
    );
    assert_eq!(server.get("/api/health").status, 200, "nothing was stopped");
}
