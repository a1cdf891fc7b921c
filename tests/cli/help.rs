//! What `--help` shows works as it stands there.

use std::process::{Command, Stdio};

use crate::bench::TestQueue;
use crate::guests;

/// The words of every command, `session create` among them, as the help lists them.
pub(crate) fn commands(queue: &TestQueue, words: &[String]) -> Vec<Vec<String>> {
    let help = help(queue, words);
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return vec![words.to_vec()];
    };
    let entries = list.lines().take_while(|line| !line.is_empty());
    let names = entries
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| {
            let name = line.split_whitespace().next()?;
            Some([words, &[name.to_owned()]].concat())
        });
    names.flat_map(|words| commands(queue, &words)).collect()
}

fn help(queue: &TestQueue, words: &[String]) -> String {
    let output = queue
        .command()
        .args(words)
        .arg("--help")
        .output()
        .expect("it starts");
    String::from_utf8(output.stdout).expect("text")
}

/// A project in which everything is there that the examples name, with a task in each status.
fn project() -> (TestQueue, [String; 3]) {
    let queue = TestQueue::new();
    for script in ["scripts/build.sh", "scripts/deploy.sh"] {
        queue.write(script, "#!/bin/bash\n");
    }
    queue.write("docs/auth.md", "Keep the tests green.\n");
    queue.write("build.log", "done\n");
    queue.write(".config/fish/completions/README", "");
    let line = r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/build.sh"}}"#;
    queue.write("tasks.ndjson", line);
    queue.ok(["session", "create", "sprint-12"]);
    let failed = queue.running("auth");
    queue.ok(["fail", &failed, "--error", "broken"]);
    let running = queue.running("auth");
    let queued = queue.enqueue("auth", "scripts/a.sh");
    (queue, [queued, running, failed])
}

/// Runs an example as a person would type it, and gives what went wrong.
fn follow(queue: &TestQueue, example: &str) -> Result<(), String> {
    let program = queue.command();
    let home = queue.path("").display().to_string();
    let home = home.trim_end_matches('/').to_owned();
    let bin = std::path::Path::new(program.get_program())
        .parent()
        .expect("a folder");
    // Consent is typed by a person.
    let asks = ["sparkq plugin add", "sparkq plugin approve"];
    if asks.iter().any(|command| example.starts_with(command)) {
        let words: Vec<_> = example
            .split(' ')
            .skip(1)
            .map(|word| word.replace('~', &home))
            .collect();
        let said = queue.typed(words.iter().map(String::as_str), "yes\n");
        let fine = said.starts_with("exit: 0\n");
        return fine.then_some(()).ok_or(said);
    }
    // What goes on for ever ends when nobody reads it any more.
    let goes_on = example.contains("sparkq plugin dev ");
    let line = format!(
        "{example}{}",
        if goes_on { " | sed /^Waiting/q" } else { "" }
    );
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &line])
        .current_dir(queue.path(""))
        .env_clear()
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = bash.spawn().map_err(|error| error.to_string())?;
    // What serves until it is told to stop is told once it is there.
    let serves = (example.contains("sparkq run") && !example.contains("--detach"))
        || example.contains("sparkq watch ");
    while serves && child.try_wait().is_ok_and(|ended| ended.is_none()) {
        let status = queue.json(["status", "--json"]);
        let there =
            !status["server"]["address"].is_null() || status["watchers"] != serde_json::json!([]);
        if there {
            queue.ok(["stop"]);
            break;
        }
    }
    let output = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    if example.contains("--detach") {
        queue.ok(["stop"]);
    }
    let err = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && err.is_empty() {
        return Ok(());
    }
    Err(format!("{example}\n{}\n{err}", output.status))
}

/// What an example of a plugin's command goes by: a component, in the project and elsewhere, and installed where it has to
/// be.
fn plugin(queue: &TestQueue, verb: &str, example: &str) {
    let component = guests::guest("harmless").component();
    for path in [
        "acme-deploy.wasm",
        "acme-deploy/acme-deploy.wasm",
        "Downloads/deploy-1.2.wasm",
        "Downloads/deploy-1.3.wasm",
    ] {
        let path = queue.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, &component).expect("written");
    }
    if ["test", "dev"].contains(&verb) {
        queue.script(
            "acme-deploy/build.sh",
            "#!/bin/sh\ncp ../acme-deploy.wasm .\n",
        );
    }
    if ["approve", "update", "remove"].contains(&verb) {
        let said = queue.on_terminal(["plugin", "add", "acme-deploy.wasm"], "yes\n");
        assert!(said.starts_with("exit: 0\n"), "{example}: {said}");
    }
}

#[test]
fn every_command_has_an_example_and_every_example_works() {
    let queue = TestQueue::new();
    let all = commands(&queue, &[]);
    assert!(all.len() > 25, "{all:?}");
    let mut wrong = Vec::new();
    for words in all {
        let help = help(&queue, &words);
        let examples: Vec<_> = help
            .split_once("\nExample")
            .map(|(_, rest)| {
                rest.lines()
                    .skip(1)
                    .map(str::trim)
                    .filter(|line| !line.is_empty())
            })
            .into_iter()
            .flatten()
            .collect();
        if examples.is_empty() {
            wrong.push(format!("{} has no example", words.join(" ")));
        }
        for example in examples {
            let (queue, [queued, running, failed]) = project();
            let id = match words[0].as_str() {
                "cancel" => queued,
                "requeue" => failed,
                _ => running,
            };
            if words == ["session", "reopen"] {
                queue.ok(["session", "end", "sprint-12"]);
            } else if words == ["session", "create"] {
                queue.ok(["session", "edit", "sprint-12", "--name", "sprint-11"]);
            } else if words == ["stream", "create"] || words == ["stream", "reopen"] {
                queue.ok(["stream", "end", "auth"]);
            } else if words == ["run"] {
                queue.ok(["stream", "create", "work", "--session", "sprint-12"]);
            }
            if words[0] == "plugin" {
                plugin(&queue, &words[1], example);
            }
            if let Err(what) = follow(&queue, &example.replace("tsk_7f3k", &id)) {
                wrong.push(what);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
