//! The script index follows the files.

use std::fs;
use std::sync::Arc;

use serde_json::json;
use sparkq_runtime::Index;

use crate::bench::Project;

#[test]
fn a_script_written_a_moment_ago_is_found() {
    let project = Project::new();
    project.check(json!({"script_path": "scripts/build.sh"}));
    project.write("scripts/new/later.sh", "# timeout: 5\n");
    let checked = project.check(json!({"script_path": "scripts/new/later.sh"}));
    assert_eq!(
        checked.limits.timeout.map(sparkq_core::Timeout::seconds),
        Some(5)
    );
}

#[test]
fn a_script_deleted_a_moment_ago_is_refused() {
    let project = Project::new();
    project.check(json!({"script_path": "scripts/build.sh"}));
    project.remove("scripts/build.sh");
    let issues = project.rejected(json!({"script_path": "scripts/build.sh"}));
    assert_eq!(issues[0].message, "not in the script index, which is empty");
}

#[test]
fn a_script_changed_a_moment_ago_is_read_again() {
    let project = Project::new();
    project.check(json!({"script_path": "scripts/build.sh"}));
    project.write("scripts/build.sh", "# timeout: 11s\n# name: Other\n");
    let checked = project.check(json!({"script_path": "scripts/build.sh"}));
    assert_eq!(
        checked.limits.timeout.map(sparkq_core::Timeout::seconds),
        Some(11)
    );
}

#[test]
fn only_scripts_that_are_not_ignored_are_indexed() {
    let project = Project::new();
    project.write(".gitignore", "scripts/private/\n");
    project.write("scripts/private/key.sh", "echo\n");
    project.write("scripts/notes.txt", "no script\n");
    project.write("scripts/blob.sh", "\0\0\0");
    project.write("scripts/tool", "#!/usr/bin/env bash\n# name: Tool\n");
    project.write("other/far.sh", "echo\n");
    project.index.refresh().expect("refreshed");
    assert_eq!(project.paths(), ["scripts/build.sh", "scripts/tool"]);
}

#[test]
fn no_link_and_no_path_leads_out_of_the_project() {
    let (project, outside) = (Project::new(), Project::new());
    std::os::unix::fs::symlink(outside.path("scripts"), project.path("scripts/linked"))
        .expect("a link");
    std::os::unix::fs::symlink(
        outside.path("scripts/build.sh"),
        project.path("scripts/link.sh"),
    )
    .expect("a link");
    std::os::unix::fs::symlink("build.sh", project.path("scripts/same.sh")).expect("a link");
    project.index.refresh().expect("refreshed");
    assert_eq!(project.paths(), ["scripts/build.sh", "scripts/same.sh"]);
    for path in [
        "../x/scripts/build.sh",
        "/etc/passwd",
        "scripts/../scripts/build.sh",
        "",
    ] {
        assert!(project.index.lookup(path).is_none(), "{path}");
    }
}

#[test]
fn a_known_script_that_was_moved_outside_behind_a_link_is_known_no_longer() {
    let (project, outside) = (Project::new(), tempfile::tempdir().expect("a folder"));
    project.index.refresh().expect("refreshed");
    let moved = outside.path().join("scripts");
    std::fs::rename(project.path("scripts"), &moved).expect("moved");
    std::os::unix::fs::symlink(&moved, project.path("scripts")).expect("a link");
    assert!(project.index.lookup("scripts/build.sh").is_none());
}

#[test]
fn changes_are_handed_out_once_and_a_new_index_starts_from_them() {
    let project = Project::new();
    project.index.refresh().expect("refreshed");
    let scripts = project.index.take_changes().expect("one script is new");
    assert_eq!(
        (
            scripts.len(),
            scripts[0].name.as_str(),
            scripts[0].executable
        ),
        (1, "Build", true)
    );
    assert_eq!(project.index.take_changes(), None);
    project.index.refresh().expect("refreshed");
    assert_eq!(project.index.take_changes(), None);

    let root = project.path("");
    let again = Index::new(
        Arc::clone(&project.runtime),
        root,
        vec!["./scripts/".into(), "missing".into()],
        scripts.clone(),
    );
    again.refresh().expect("refreshed");
    assert_eq!((again.scripts(), again.take_changes()), (scripts, None));
    fs::remove_dir_all(project.path("scripts")).expect("removed");
    again.refresh().expect("refreshed");
    assert_eq!(again.take_changes(), Some(Vec::new()));
}
