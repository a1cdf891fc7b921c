use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::bench::{Server, TestQueue};

fn read(queue: &TestQueue, name: &str) -> String {
    fs::read_to_string(queue.path(name)).expect(name)
}

/// Runs `sparkq setup` on a terminal of its own, and types each text once the question before it is seen. Gives all that
/// a person would see.
#[cfg(target_os = "linux")]
fn on_terminal(queue: &TestQueue, dialogue: &[(&str, &str)]) -> String {
    let program = queue.command();
    let line = format!("{} setup", program.get_program().display());
    let mut script = Command::new("script");
    let set = program
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    script
        .args(["-qec", &line, "/dev/null"])
        .env_clear()
        .envs(set)
        .env("PATH", "/usr/bin:/bin")
        .current_dir(queue.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = script.spawn().expect("util-linux is there");
    let mut typing = child.stdin.take().expect("piped");
    let mut shown = child.stdout.take().expect("piped");
    let (mut seen, mut answered) = (Vec::new(), 0);
    for (question, answer) in dialogue {
        loop {
            let text = String::from_utf8_lossy(&seen[answered..]).into_owned();
            if let Some(at) = text.find(question) {
                answered += at + question.len();
                break;
            }
            let mut part = [0; 1024];
            let read = shown.read(&mut part).expect("read");
            assert!(
                read > 0,
                "{question} was not asked: {}",
                String::from_utf8_lossy(&seen)
            );
            seen.extend_from_slice(&part[..read]);
        }
        typing.write_all(answer.as_bytes()).expect("typed");
    }
    shown.read_to_end(&mut seen).expect("read");
    child.wait().expect("it ends");
    String::from_utf8_lossy(&seen).into_owned()
}

#[test]
fn setup_writes_the_project_file_makes_the_database_and_says_nothing_to_an_agent() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["setup", "--yes"]), @"exit: 0");
    assert!(queue.path("sparkq.db").is_file());
    assert!(read(&queue, "sparkq.toml").contains("port = 8420"));
    assert!(read(&queue, "WORKER_PLAYBOOK.md").contains("### run-bash ("));
    let watcher = fs::metadata(queue.path("sparkq-watcher.sh")).expect("written");
    assert_eq!(watcher.permissions().mode() & 0o777, 0o755);
}

#[test]
fn setup_prints_where_everything_is_as_one_json_object() {
    let queue = TestQueue::without_project();
    let made = queue.json(["setup", "--yes", "--json"]);
    let root = fs::canonicalize(queue.path("")).expect("there");
    let path = |name: &str| root.join(name).display().to_string();
    let expected = json!({
        "config": path("sparkq.toml"), "database": path("sparkq.db"),
        "playbook": path("WORKER_PLAYBOOK.md"), "watcher": path("sparkq-watcher.sh"),
    });
    assert_eq!(made, expected);
}

#[test]
fn without_a_terminal_setup_asks_nothing_and_names_the_command_that_does_not_ask() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["setup"]), @"
    exit: 1
    ----- stderr -----
    Error: setup asks questions, and there is no terminal to ask on
    Hint: take every default: sparkq setup --yes
    ");
    assert!(!queue.path("sparkq.toml").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_terminal_setup_asks_and_shows_the_values_in_force() {
    let queue = TestQueue::without_project();
    queue.write(
        "sparkq.toml",
        "# Ours.\n[server]\nport = 8500 # as agreed\n",
    );
    let dialogue = [
        ("Project name [", "shop\n"),
        ("Repository [.]: ", "\n"),
        ("(- for none) [-]: ", "\n"),
        ("with commas between [scripts]: ", "scripts, bin\n"),
        ("FAST_SCRIPT [30s]: ", "soon\n"),
        ("`soon` is not a duration: a whole number and a unit", ""),
        ("FAST_SCRIPT [30s]: ", "45\n"),
        ("MEDIUM_SCRIPT [300s]: ", "\n"),
        ("LLM_LITE [300s]: ", "\n"),
        ("LLM_HEAVY [900s]: ", "\n"),
        ("Port of the server [8500]: ", "0\n"),
    ];
    let seen = on_terminal(&queue, &dialogue);
    for line in [
        "Warning: [scripts] dirs: there is no folder `bin`",
        "sparkq session create NAME",
    ] {
        assert!(seen.contains(line), "{line}: {seen}");
    }
    let text = read(&queue, "sparkq.toml");
    assert!(
        text.starts_with("# Ours.\n[server]\nport = 0 # as agreed\n"),
        "{text}"
    );
    assert!(text.contains("name = \"shop\"\n") && text.contains("FAST_SCRIPT = { timeout = 45 }"));
    queue.ok(["session", "create", "s"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_dialogue_that_is_interrupted_leaves_everything_as_it_was() {
    let queue = TestQueue::without_project();
    let text = "# Ours.\n[server]\nport = 8500\n";
    queue.write("sparkq.toml", text);
    let dialogue = [
        ("Project name [", "shop\n"),
        ("Repository [", "src\n"),
        ("(- for none) [", "\u{3}"),
    ];
    on_terminal(&queue, &dialogue);
    assert_eq!(read(&queue, "sparkq.toml"), text);
    let left = fs::read_dir(queue.path("")).expect("a folder");
    assert_eq!(left.count(), 1, "nothing was made");
}

#[test]
fn setup_again_keeps_what_is_there() {
    let queue = TestQueue::new();
    let id = queue.enqueue("auth", "scripts/a.sh");
    let config = read(&queue, "sparkq.toml");
    queue.ok(["setup", "--yes"]);
    assert_eq!(read(&queue, "sparkq.toml"), config);
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "queued");
}

#[test]
fn setup_adds_what_an_existing_file_lacks_and_keeps_its_comments() {
    let queue = TestQueue::without_project();
    queue.write("tools/x.sh", "#!/bin/sh\n");
    queue.write(
        "sparkq.toml",
        "# Ours.\n[project]\nname = \"shop\" # the name\n\n[watch]\nidle_poll = 5\n",
    );
    queue.ok(["setup", "--yes"]);
    insta::assert_snapshot!(read(&queue, "sparkq.toml"), @r#"
    # Ours.
    [project]
    name = "shop" # the name
    repo_path = "."
    prd_path = ""

    [watch]
    idle_poll = 5

    [server]
    host = "127.0.0.1"
    port = 8420

    [database]
    path = "sparkq.db"

    [purge]
    older_than_days = 3

    [scripts]
    dirs = ["tools"]

    [task_classes]
    FAST_SCRIPT = { timeout = 30 }
    MEDIUM_SCRIPT = { timeout = 300 }
    LLM_LITE = { timeout = 300 }
    LLM_HEAVY = { timeout = 900 }
    "#);
}

#[test]
fn a_broken_file_is_refused_with_its_place_and_left_alone() {
    let queue = TestQueue::without_project();
    queue.write("sparkq.toml", "[server]\nport = 'x'\n");
    insta::assert_snapshot!(queue.run(["setup", "--yes"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:2:8: [server] port: `'x'` is not a port: a whole number from 0 to 65535
    ");
    assert_eq!(read(&queue, "sparkq.toml"), "[server]\nport = 'x'\n");
    assert_eq!(fs::read_dir(queue.path("")).expect("a folder").count(), 1);
}

#[test]
fn a_database_needs_its_folder() {
    let queue = TestQueue::without_project();
    queue.write("sparkq.toml", "[database]\npath = 'da ta/q.db'\n");
    insta::assert_snapshot!(queue.run(["setup", "--yes"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:2: [database] path: there is no folder [FOLDER]/da ta
    Hint: mkdir -p '[FOLDER]/da ta'
    ");
    fs::create_dir(queue.path("da ta")).expect("made");
    queue.ok(["setup", "--yes"]);
    assert!(queue.path("da ta/q.db").is_file() && queue.path("da ta/.sparkq").is_dir());
}

#[test]
fn setup_beside_a_server_leaves_the_server_alone() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    fs::remove_file(queue.path("WORKER_PLAYBOOK.md")).expect("removed");
    queue.ok(["setup", "--yes"]);
    assert!(read(&queue, "WORKER_PLAYBOOK.md").contains("run-bash"));
    assert_eq!(server.get("/api/health").status, 200);
}

#[test]
fn the_queue_is_kept_out_of_the_repository_it_lies_in() {
    let queue = TestQueue::without_project();
    git(&queue, ".", &["init", "-q"]);
    queue.write(".git/info/exclude", "# mine");
    for _ in 0..2 {
        queue.ok(["setup", "--yes"]);
        assert_eq!(
            read(&queue, ".git/info/exclude"),
            "# mine\nsparkq.db*\n.sparkq/\n"
        );
    }
    queue.write("a b/sparkq.toml", "[database]\npath = 'q.db'\n");
    queue.ok(["--config", "a b/sparkq.toml", "setup", "--yes"]);
    let exclude = read(&queue, ".git/info/exclude");
    assert!(
        exclude.ends_with(".sparkq/\n/a\\ b/q.db*\n/a\\ b/.sparkq/\n"),
        "{exclude}"
    );
    let status = git(&queue, ".", &["status", "--porcelain", "-uall"]);
    let names: Vec<_> = status.lines().filter_map(|line| line.get(3..)).collect();
    assert!(
        !names
            .iter()
            .any(|name| name.contains(".db") || name.contains(".sparkq/")),
        "{names:?}"
    );
    assert!(names.contains(&"sparkq.toml"), "{names:?}");
}

#[test]
fn agents_in_linked_worktrees_share_the_main_worktrees_queue() {
    let queue = TestQueue::without_project();
    queue.write("main/scripts/a.sh", "#!/bin/bash\necho a\n");
    let config = ["-c", "user.name=x", "-c", "user.email=x"];
    git(&queue, "main", &["init", "-q"]);
    let commit = ["commit", "-q", "--allow-empty", "-m", "x"];
    git(&queue, "main", &[&config[..], &commit].concat());
    git(&queue, "main", &["worktree", "add", "-q", "../linked"]);
    fs::create_dir(queue.path("linked/deep")).expect("made");
    let in_folder = |folder: &str, args: &[&str]| {
        let output = queue
            .command()
            .current_dir(queue.path(folder))
            .args(args)
            .output();
        let output = output.expect("it starts");
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    };
    in_folder("main", &["setup", "--yes"]);
    in_folder("linked", &["session", "create", "s"]);
    assert!(in_folder("main", &["session", "list"]).contains(" s "));
    let made = in_folder("linked", &["setup", "--yes", "--json"]);
    assert!(made.contains("/main/sparkq.toml"), "{made}");
    assert!(in_folder("linked/deep", &["session", "list"]).contains(" s "));
    assert!(!queue.path("linked/sparkq.toml").exists());
    assert!(read(&queue, "main/.git/info/exclude").ends_with("sparkq.db*\n.sparkq/\n"));
}

fn git(queue: &TestQueue, folder: &str, args: &[&str]) -> String {
    let mut git = Command::new("git");
    git.current_dir(queue.path(folder))
        .env("HOME", queue.path(""));
    git.env("GIT_CONFIG_NOSYSTEM", "1").args(args);
    let output = git.output().expect("git is there");
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_watcher_script_finds_its_project_and_wants_a_stream() {
    let queue = TestQueue::without_project();
    queue.ok(["setup", "--yes"]);
    let bin = queue.path("bin");
    queue.write("bin/sparkq", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    fs::set_permissions(bin.join("sparkq"), fs::Permissions::from_mode(0o755)).expect("set");
    let run = |args: &[&str]| {
        let mut script = Command::new(queue.path("sparkq-watcher.sh"));
        script.args(args).current_dir("/").env_clear();
        let path = format!("{}:/usr/bin:/bin", bin.display());
        let output = script.env("PATH", path).output().expect("it starts");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).expect("text"))
    };
    let (code, said) = run(&["auth"]);
    let config = fs::canonicalize(queue.path("sparkq.toml")).expect("there");
    let folder = |path: &str| path.replace("/private", "");
    let expected = format!("--config\n{}\nwatch\nauth\n", config.display());
    assert_eq!((code, folder(&said)), (Some(0), folder(&expected)));
    assert_eq!(
        run(&[]),
        (Some(2), "Usage: sparkq-watcher.sh STREAM\n".to_owned())
    );
}

#[test]
fn every_other_command_says_where_it_looked_and_names_setup() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["peek", "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: there is no sparkq.toml in [FOLDER] or any folder above it
    Hint: make one in this folder: sparkq setup --yes
    ");
    queue.write("sparkq.toml", "");
    insta::assert_snapshot!(queue.run(["claim", "--stream", "auth"]), @"
    exit: 1
    ----- stderr -----
    Error: there is no database at [FOLDER]/sparkq.db
    Hint: make one in this folder: sparkq setup --yes
    ");
    assert!(
        !queue.path("sparkq.db").exists(),
        "only setup makes a database"
    );
}

#[test]
fn a_playbook_or_script_that_somebody_else_has_written_is_not_written_over() {
    for name in ["WORKER_PLAYBOOK.md", "sparkq-watcher.sh"] {
        let queue = TestQueue::without_project();
        queue.write(name, "my own notes\n");
        let shown = queue.run(["setup", "--yes"]);
        assert!(
            shown.contains(&format!("[FOLDER]/{name} is there already")),
            "{shown}"
        );
        assert_eq!(read(&queue, name), "my own notes\n");
        assert!(
            !queue.path("sparkq.toml").exists(),
            "nothing is half-written"
        );
    }
    let queue = TestQueue::new();
    queue.write("WORKER_PLAYBOOK.md", "my own notes\n");
    let shown = queue.run(["teardown", "--yes"]);
    assert!(
        shown.contains("WORKER_PLAYBOOK.md is not removed"),
        "{shown}"
    );
    assert!(queue.path("sparkq.db").exists(), "nothing is half-removed");
}
