//! Checking payloads with the built-in plugin.

use std::sync::Arc;

use serde_json::json;
use sparkq_core::Severity;
use sparkq_runtime::{Index, Limits, Runtime};

use crate::bench::{Project, for_scripts, logged, shared_settings};

#[test]
fn the_plugin_describes_run_bash_in_full() {
    let project = Project::new();
    let record = project.runtime.describe("scripts").expect("described");
    let tool = &record.tools[0];
    assert_eq!(
        (
            record.name.as_str(),
            record.version.as_str(),
            record.digest.len()
        ),
        ("scripts", "0.1.0", 64)
    );
    assert_eq!(
        (tool.name.as_str(), tool.task_class.as_str()),
        ("run-bash", "MEDIUM_SCRIPT")
    );
    assert_eq!(tool.timeout, None, "that of its class");
    assert!(
        tool.examples.len() >= 2
            && tool.guide.contains("sparkq complete \"$id\"")
            && tool.hints.destructive
    );
}

#[test]
fn a_real_script_passes_and_is_normalised_with_its_headers_timeout_and_class() {
    let project = Project::new();
    let checked =
        project.check(json!({"script_path": "./scripts//build.sh", "args": ["--fast"], "env": {}}));
    assert_eq!(
        checked.payload.as_str(),
        r#"{"args":["--fast"],"script_path":"scripts/build.sh"}"#
    );
    assert_eq!(checked.label, "scripts/build.sh --fast");
    assert_eq!(
        checked.limits.timeout.map(sparkq_core::Timeout::seconds),
        Some(420)
    );
    assert_eq!(
        checked.limits.class.map(String::from).as_deref(),
        Some("FAST_SCRIPT")
    );
    assert_eq!((checked.dedupe_key, checked.warnings), (None, Vec::new()));
}

#[test]
fn a_mistyped_path_is_refused_at_its_field_with_the_nearest_paths() {
    let project = Project::new();
    project.write("scripts/deploy.sh", "echo\n");
    let issues = project.rejected(json!({"script_path": "scripts/biuld.sh"}));
    assert_eq!(issues.len(), 1);
    let issue = &issues[0];
    assert_eq!(
        (issue.pointer.as_str(), issue.code.as_str(), issue.severity),
        ("/script_path", "not-found", Severity::Error)
    );
    assert_eq!(
        issue.message,
        "not in the script index; nearest: `scripts/build.sh`, `scripts/deploy.sh`"
    );
    assert_eq!(issue.suggestion, Some(json!("scripts/build.sh").into()));
}

#[test]
fn every_failure_of_the_schema_is_told_and_the_plugin_is_not_asked() {
    let project = Project::new();
    let issues = project.rejected(json!({"args": "--fast", "script_path": 1, "nowhere": true}));
    let mut told: Vec<String> = issues.iter().map(ToString::to_string).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "/args: must be an array, and is a string [type]",
            "/nowhere: is no field of this tool's payload [unknown-field]",
            "/script_path: must be a string, and is a number [type]",
        ]
    );
}

#[test]
fn a_missing_field_is_told_at_the_place_where_it_should_be() {
    let issues = Project::new().rejected(json!({}));
    assert_eq!(
        issues.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["/script_path: must be given [required]"]
    );
}

#[test]
fn a_python_script_is_no_script_for_bash() {
    let project = Project::new();
    project.write("scripts/report.py", "# name: Report\n");
    let issues = project.rejected(json!({"script_path": "scripts/report.py"}));
    assert_eq!(
        issues.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "/script_path: is a python script, and `run-bash` runs shell scripts; `run-python` runs it [conflict]"
        ]
    );
}

#[test]
fn answers_do_not_depend_on_whether_an_instance_is_warm() {
    let one_call = Limits {
        calls_per_instance: 1,
        ..Limits::default()
    };
    let (cold, warm) = (Project::with(&one_call), Project::new());
    for payload in [
        json!({"script_path": "scripts/build.sh"}),
        json!({"script_path": "scripts/build.sh", "env": {"B": "1", "A": "2"}}),
    ] {
        assert_eq!(cold.check(payload.clone()), warm.check(payload.clone()));
        assert_eq!(cold.check(payload.clone()), warm.check(payload));
    }
}

#[test]
fn many_threads_share_one_plugin() {
    let project = Project::new();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let project = &project;
            scope.spawn(move || {
                project.write(&format!("scripts/{number}.sh"), "echo\n");
                for _ in 0..20 {
                    project.check(json!({"script_path": format!("scripts/{number}.sh")}));
                }
            });
        }
    });
    assert_eq!(project.paths().len(), 9);
}

#[test]
fn the_engine_starts_at_the_first_call_into_a_plugin_and_not_before() {
    let started = |work: &dyn Fn(&Runtime)| {
        let log = logged(|| work(&Runtime::new(shared_settings(), for_scripts())));
        log.matches("wasmtime engine started").count()
    };
    let project = Project::new();
    let misfit = json!({"script_path": 1})
        .as_object()
        .expect("an object")
        .clone();
    assert_eq!(
        started(&|runtime| assert_eq!(runtime.plugins().count(), 2)),
        0
    );
    assert_eq!(
        started(&|runtime| drop(runtime.check(
            "scripts",
            &project.run_bash,
            &misfit,
            &project.index
        ))),
        0
    );
    assert_eq!(
        started(&|runtime| drop((runtime.describe("scripts"), runtime.describe("scripts")))),
        1
    );
    let log = logged(|| {
        let runtime = Arc::new(Runtime::new(shared_settings(), for_scripts()));
        let index = Index::new(
            runtime,
            project.path(""),
            vec!["scripts".into()],
            Vec::new(),
        );
        assert_eq!(index.scripts(), []);
    });
    assert!(!log.contains("engine started"), "{log}");
}
