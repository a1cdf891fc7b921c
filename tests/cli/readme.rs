use std::process::Command;

use crate::bench::TestQueue;

const README: &str = include_str!("../../README.md");

#[test]
fn the_tour_in_the_readme_works_word_for_word() {
    let blocks = README.split("```sh tour\n").skip(1);
    let script: String = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(
        script.contains("sparkq setup") && script.contains("sparkq task "),
        "the tour was found"
    );

    let folder = TestQueue::without_project();
    let program = folder.command();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script])
        .current_dir(folder.path(""))
        .env_clear();
    bash.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let bin = std::path::Path::new(program.get_program())
        .parent()
        .expect("a folder");
    bash.env(
        "PATH",
        format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()),
    );
    let output = bash.output().expect("bash is there");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success() && err.is_empty(), "{out}\n{err}");
    assert!(
        out.contains("Counted the files") && out.contains("Report figures"),
        "{out}"
    );
}

#[test]
fn every_command_that_the_readme_names_has_help_with_an_example() {
    let table = README
        .split("## The command line at a glance")
        .nth(1)
        .expect("the table");
    let rows = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `sparkq "));
    let verbs: Vec<&str> = rows
        .filter_map(|row| row.split([' ', '`']).next())
        .collect();
    assert_eq!(
        verbs,
        [
            "setup", "session", "stream", "enqueue", "peek", "complete", "tasks", "run"
        ]
    );
    let queue = TestQueue::without_project();
    let help = |args: &[&str]| {
        let output = queue
            .command()
            .args(args)
            .arg("--help")
            .output()
            .expect("it starts");
        String::from_utf8(output.stdout).expect("text")
    };
    for verb in [
        "setup", "enqueue", "peek", "claim", "complete", "fail", "tasks", "task", "run",
    ] {
        assert!(
            help(&[verb]).contains(&format!("\n  sparkq {verb}")),
            "{verb} has no example"
        );
    }
    for (noun, verb) in [
        ("session", "create"),
        ("session", "list"),
        ("stream", "create"),
        ("stream", "list"),
    ] {
        assert!(
            help(&[noun, verb]).contains(&format!("\n  sparkq {noun} {verb}")),
            "{noun} {verb} has no example"
        );
    }
}
