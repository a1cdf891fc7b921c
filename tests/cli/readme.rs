use std::process::Command;

use crate::bench::TestQueue;

const README: &str = include_str!("../../README.md");

#[test]
fn the_tour_in_the_readme_works_word_for_word() {
    let blocks = README.split("```sh tour\n").skip(1);
    let script: String = blocks.filter_map(|rest| rest.split("```").next()).collect();
    // Any free port, so that tests can run side by side.
    let any_port = "sparkq setup --yes\nsed -i 's/port = 8420/port = 0/' sparkq.toml\n";
    let script = script.replace("sparkq setup --yes\n", any_port);
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
fn the_readme_names_every_command() {
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
    let all: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `sparkq "))
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter_map(|named| named.trim_start_matches("sparkq ").split(' ').next())
        .collect();
    let queue = TestQueue::without_project();
    let help = queue.command().arg("--help").output().expect("it starts");
    let help = String::from_utf8(help.stdout).expect("text");
    let (_, commands) = help.split_once("\nCommands:\n").expect("the commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let mut unnamed = commands
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| !all.contains(verb));
    assert!(verbs.len() > 10, "{verbs:?}");
    assert_eq!(unnamed.next(), None, "the table names every command");
}

#[test]
fn every_link_of_a_written_page_leads_somewhere() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let looked = Command::new("bash")
        .arg("tests/samples/check-links.sh")
        .current_dir(root)
        .output()
        .expect("bash is there");
    let said = String::from_utf8_lossy(&looked.stderr);
    assert!(looked.status.success(), "{said}");
}

#[test]
fn every_place_in_the_readme_that_it_points_to_is_a_heading() {
    let text = include_str!("../../README.md");
    let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
    let places: Vec<String> = headings
        .map(|heading| heading.to_lowercase().replace(' ', "-"))
        .collect();
    let links = text.split("](#").skip(1);
    let links = links.filter_map(|rest| Some(rest.split_once(')')?.0));
    let lost: Vec<&str> = links
        .filter(|link| !places.iter().any(|place| place == link))
        .collect();
    assert!(lost.is_empty(), "{lost:?} of {places:?}");
}
