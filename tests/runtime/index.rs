//! The script index follows the files.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use sparkq_core::Severity;
use sparkq_runtime::{Aside, FaultKind, Index, Limits, Settings, Source};

use crate::bench::{Project, component, for_scripts, logged, plugin, shared_settings};

/// A project with one more plugin, `guest`, that reads scripts in its own way.
fn with_guest(module: &str) -> Project {
    with_limited_guest(module, Limits::default(), Limits::default())
}

/// The same with limits of `guest` and of the others.
fn with_limited_guest(module: &str, of_guest: Limits, of_others: Limits) -> Project {
    let frame = include_str!("../guests/scripts.frame.wat");
    let bytes = wat::parse_str(frame.replace("(; GUEST ;)", module)).expect("a component");
    let mut plugins = for_scripts();
    for plugin in &mut plugins {
        plugin.limits.clone_from(&of_others);
    }
    plugins.push(plugin("guest", bytes));
    plugins[2].limits = of_guest;
    Project::of(shared_settings(), plugins)
}

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
fn only_a_look_at_all_folders_is_run_aside() {
    static ASIDE: AtomicUsize = AtomicUsize::new(0);
    let settings = Settings {
        aside: Aside(|work| {
            ASIDE.fetch_add(1, Ordering::Relaxed);
            work();
        }),
        ..shared_settings()
    };
    let project = Project::of(settings, for_scripts());
    project.check(json!({"script_path": "scripts/build.sh"}));
    let looked = ASIDE.load(Ordering::Relaxed);
    assert!(looked > 0, "nothing is known at first");
    project.check(json!({"script_path": "scripts/build.sh"}));
    project.write("scripts/build.sh", "# timeout: 11s\n");
    project.check(json!({"script_path": "scripts/build.sh"}));
    assert_eq!(ASIDE.load(Ordering::Relaxed), looked);
    project.rejected(json!({"script_path": "scripts/typo.sh"}));
    assert!(ASIDE.load(Ordering::Relaxed) > looked);
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

#[test]
fn a_plugin_that_cannot_say_what_it_reads_stops_no_other_and_its_fault_is_kept() {
    for (module, kind) in [
        (include_str!("../guests/claims-trap.wat"), FaultKind::Trap),
        (
            include_str!("../guests/bad-pattern.wat"),
            FaultKind::BadOutput,
        ),
    ] {
        let project = with_guest(module);
        let log = logged(|| {
            let fault = project.index.refresh().expect_err("a fault");
            assert_eq!((fault.plugin.as_str(), &fault.kind), ("guest", &kind));
        });
        assert!(
            log.contains("plugin `guest` failed in `scripts.claims`"),
            "{log}"
        );
        assert_eq!(project.paths(), ["scripts/build.sh"]);
        project.check(json!({"script_path": "scripts/build.sh"}));
        let faults = project.index.faults();
        assert_eq!((faults.len(), faults[0].function), (1, "scripts.claims"));
    }
}

#[test]
fn an_indexer_that_could_not_be_loaded_is_asked_again_at_the_next_look() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("script-index.wasm");
    let mut plugins = for_scripts();
    plugins[1].source = Source::File(path.clone());
    let project = Project::of(shared_settings(), plugins);
    let fault = project.index.refresh().expect_err("a fault");
    assert_eq!(fault.kind, FaultKind::Load);
    assert_eq!(project.paths(), [""; 0]);
    fs::write(path, component("script-index")).expect("written");
    project.check(json!({"script_path": "scripts/build.sh"}));
    assert_eq!(project.index.refresh(), Ok(()));
}

#[test]
fn a_plugin_that_breaks_at_its_scripts_leaves_them_to_the_next_or_out() {
    let project = with_guest(include_str!("../guests/extract-trap.wat"));
    for number in 0..12 {
        project.write(&format!("scripts/{number}.pl"), "# name: Perl\n");
    }
    project.write("scripts/z.py", "# name: Last\n");
    let log = logged(|| {
        let fault = project.index.refresh().expect_err("a fault");
        assert!(
            fault.message.starts_with("at `scripts/0.pl`: it trapped"),
            "{fault}"
        );
    });
    let tries = log
        .matches("plugin `guest` failed in `scripts.extract`")
        .count();
    assert_eq!(tries, 8, "and then it is asked no more");
    assert_eq!(project.paths(), ["scripts/build.sh", "scripts/z.py"]);
    assert_eq!(project.index.scripts()[0].name, "Build");
    assert_eq!(project.index.faults().len(), 1);
}

#[test]
fn an_indexer_that_never_comes_back_is_asked_once_in_a_look() {
    let limits = Limits {
        fuel: 1_000_000,
        ..Limits::default()
    };
    let looping = include_str!("../guests/extract-loop.wat");
    let project = with_limited_guest(looping, limits, Limits::default());
    for number in 0..12 {
        project.write(&format!("scripts/{number}.pl"), "# name: Perl\n");
    }
    for _ in 0..2 {
        let log = logged(|| {
            let fault = project.index.refresh().expect_err("a fault");
            assert_eq!(fault.kind, FaultKind::Fuel);
        });
        let tries = log
            .matches("plugin `guest` failed in `scripts.extract`")
            .count();
        assert_eq!(tries, 1, "{log}");
        assert_eq!(project.paths(), ["scripts/build.sh"]);
    }
}

#[test]
fn what_indexers_take_is_not_booked_to_the_plugin_that_looks_a_script_up() {
    let slow = Limits {
        fuel: u64::MAX,
        deadline: Duration::from_millis(400),
        ..Limits::default()
    };
    let hurried = Limits {
        host_time: Duration::from_millis(200),
        deadline: Duration::from_millis(200),
        ..Limits::default()
    };
    let looping = include_str!("../guests/extract-loop.wat");
    let project = with_limited_guest(looping, slow, hurried);
    let issues = project.rejected(json!({"script_path": "scripts/biuld.sh"}));
    assert_eq!(issues[0].code, "not-found");
    assert_eq!(project.index.faults()[0].kind, FaultKind::Deadline);
}

#[test]
fn what_is_wrong_with_a_header_is_kept_with_the_script() {
    let project = Project::new();
    project.write(
        "scripts/odd.sql",
        "/* name: Odd\n * timeout: soon\n * task_class: GPU */\nSELECT 1;\n",
    );
    project.index.refresh().expect("refreshed");
    let scripts = project.index.scripts();
    assert_eq!((scripts[0].findings.len(), &*scripts[1].name), (0, "Odd"));
    let told: Vec<_> = scripts[1]
        .findings
        .iter()
        .map(|finding| (finding.line, finding.code.as_str(), finding.severity))
        .collect();
    assert_eq!(
        told,
        [
            (2, "range", Severity::Warning),
            (3, "enum", Severity::Warning)
        ]
    );
    let text = serde_json::to_value(&scripts).expect("JSON");
    assert_eq!(text[0].get("findings"), None);
    assert_eq!(text[1]["findings"][0]["line"], 2);
    assert_eq!(
        serde_json::from_value::<Vec<sparkq_core::Script>>(text).expect("scripts"),
        scripts
    );
}
