//! The guides that tools give their workers, followed word for word.

use std::process::Command;

use serde_json::Value;

use crate::bench::TestQueue;

/// A queue whose project has what the first examples of all tools name.
pub(crate) fn queue() -> TestQueue {
    let queue = TestQueue::new();
    for script in ["scripts/build.sh", "scripts/check.sh"] {
        queue.write(script, "#!/bin/bash\necho \"$1\"\n");
    }
    queue.write("scripts/report.py", "import sys\nprint(sys.argv[1])\n");
    for file in [
        "CHANGELOG.md",
        "dist/report.json",
        "dist/summary.md",
        "src/api.py",
        "src/client.py",
    ] {
        queue.write(file, "text\n");
    }
    // Stands for Codex.
    queue.write("bin/codex", "#!/bin/sh\necho \"$*\"\n");
    queue
}

/// Runs a script in the project, as a worker's shell would, with the id of its task, and gives what it printed.
pub(crate) fn bash(queue: &TestQueue, script: &str, id: &str) -> String {
    let program = queue.command();
    let bin = std::path::Path::new(program.get_program()).parent();
    let path = format!(
        "{}:{}:/usr/local/bin:/usr/bin:/bin",
        queue.path("bin").display(),
        bin.expect("a folder").display()
    );
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script])
        .current_dir(queue.path(""))
        .env_clear();
    let environment = program.get_envs();
    bash.envs(environment.filter_map(|(name, value)| Some((name, value?))))
        .env("PATH", path)
        .env("id", id)
        .env("stream", "auth");
    let output = bash.output().expect("bash is there");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && err.is_empty(), "{script}\n{err}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The commands of a guide, fence by fence.
pub(crate) fn fences(guide: &str) -> impl Iterator<Item = &str> {
    let fences = guide.split("```sh\n").skip(1);
    fences.filter_map(|rest| rest.split("\n```").next())
}

#[test]
fn every_command_of_every_guide_works_for_the_tools_first_example() {
    let queue = queue();
    let make_executable = "chmod +x bin/codex && git init --quiet -b main .";
    bash(&queue, make_executable, "");
    queue.enqueue("auth", "scripts/a.sh");
    queue.claim("auth");
    let tools: Vec<Value> = {
        let database = queue.database();
        let mut select = database
            .prepare("SELECT definition FROM tools ORDER BY name")
            .expect("a table");
        let rows = select.query_map([], |row| row.get::<_, String>(0));
        rows.expect("rows")
            .map(|text| serde_json::from_str(&text.expect("text")).expect("JSON"))
            .collect()
    };
    assert_eq!(tools.len(), 9);
    for tool in tools {
        let name = tool["name"].as_str().expect("a name");
        let payload = tool["examples"][0]["payload"].to_string();
        let task = || {
            let id = queue.ok(["enqueue", name, &payload, "--stream", "auth"]);
            let claimed = queue.claim("auth");
            assert_eq!(claimed["id"], id.as_str());
            (id, claimed["guide"].as_str().expect("a guide").to_owned())
        };
        let status = |id: &str| queue.json(["task", id, "--json"])["status"].clone();
        let (id, guide) = task();
        let commands: Vec<&str> = fences(&guide).collect();
        let [first @ .., complete, fail] = &commands[..] else {
            panic!("{name}: {commands:?}");
        };
        let scratch = ["out", "err"].map(|kind| format!("/tmp/$id.{kind}"));
        for command in first {
            bash(&queue, command, &id);
        }
        assert!(complete.starts_with("sparkq complete"), "{name}");
        bash(&queue, complete, &id);
        assert_eq!(status(&id), "succeeded", "{name}");
        let (other, _) = task();
        for command in first {
            bash(&queue, command, &other);
        }
        bash(&queue, fail, &other);
        assert_eq!(status(&other), "failed", "{name}");
        for id in [id, other] {
            let files = scratch.join("\" \"");
            bash(&queue, &format!("rm -f \"{files}\""), &id);
        }
    }
}

#[test]
fn what_a_tool_shows_as_an_example_can_be_queued_as_it_stands_in_any_project() {
    let queue = TestQueue::new();
    let tools = queue.json(["tools", "--json"]);
    let mut queued = 0;
    for tool in tools["items"].as_array().expect("tools") {
        let name = tool["name"].as_str().expect("a name");
        // Which scripts there are is the project's own.
        if name.starts_with("run-") {
            continue;
        }
        for example in tool["examples"].as_array().expect("examples") {
            let payload = example["payload"].to_string();
            queue.ok(["enqueue", name, &payload, "--stream", "auth"]);
            queued += 1;
        }
    }
    assert_eq!(queued, 12);
}
