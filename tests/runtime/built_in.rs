//! Every tool that SparkQ brings along.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sparkq_core::{Timeout, ToolDefinition};
use sparkq_runtime::{CheckError, Checked, Grants, Index, PluginFile, Runtime};

use crate::bench::{built_in, shared_settings};

/// All of them, with a project that has what the tools' examples name.
struct BuiltIn {
    folder: tempfile::TempDir,
    runtime: Arc<Runtime>,
    index: Arc<Index>,
    /// By name, with the plugin that defines each.
    tools: BTreeMap<String, (String, ToolDefinition)>,
}

impl BuiltIn {
    /// With nothing granted, as `plugin check` has them.
    fn new() -> Self {
        Self::with(|_| Grants::default())
    }

    /// With a look at the project's folder, as a project has them.
    fn granted() -> Self {
        Self::with(|root| Grants {
            files: BTreeMap::from([("project".to_owned(), root.to_path_buf())]),
            ..Grants::default()
        })
    }

    fn with(grants: impl Fn(&Path) -> Grants) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a path");
        let plugins = ["checks", "llm", "script-index", "scripts"].map(|name| PluginFile {
            grants: grants(&root),
            ..built_in(name)
        });
        let runtime = Arc::new(Runtime::new(shared_settings(), plugins.into()));
        let mut tools = BTreeMap::new();
        for PluginFile { name, .. } in runtime.plugins() {
            for tool in runtime.describe(name).expect("described").tools {
                assert!(
                    tools
                        .insert(tool.name.clone(), (name.clone(), tool))
                        .is_none()
                );
            }
        }
        let index = Index::new(
            Arc::clone(&runtime),
            folder.path().into(),
            vec!["scripts".into()],
            Vec::new(),
        );
        Self {
            folder,
            runtime,
            index: Arc::new(index),
            tools,
        }
    }

    fn check(&self, tool: &str, payload: &Value) -> Result<Checked, CheckError> {
        let (plugin, tool) = &self.tools[tool];
        let payload: &Map<_, _> = payload.as_object().expect("an object");
        if let Some(script) = payload.get("script_path").and_then(Value::as_str) {
            let script = self.folder.path().join(script);
            std::fs::create_dir_all(script.parent().unwrap_or(Path::new("")))
                .and_then(|()| std::fs::write(script, ""))
                .expect("written");
        }
        self.runtime.check(plugin, tool, payload, &self.index)
    }

    fn passed(&self, tool: &str, payload: &Value) -> Checked {
        self.check(tool, payload)
            .unwrap_or_else(|error| panic!("{tool} {payload}: {error:?}"))
    }

    fn refused(&self, tool: &str, payload: &Value) -> Vec<String> {
        match self.check(tool, payload) {
            Err(CheckError::Rejected(issues)) => issues.iter().map(ToString::to_string).collect(),
            other => panic!("{tool} {payload}: {other:?}"),
        }
    }
}

fn keys_are_sorted(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.keys().is_sorted() && map.values().all(keys_are_sorted),
        Value::Array(values) => values.iter().all(keys_are_sorted),
        _ => true,
    }
}

#[test]
fn the_tools_have_their_classes_and_a_timeout_of_their_own_where_it_is_not_the_classes() {
    let built_in = BuiltIn::new();
    let told: Vec<_> = built_in
        .tools
        .values()
        .map(|(plugin, tool)| {
            let timeout = tool.timeout.map_or(0, Timeout::seconds);
            format!("{plugin}/{} {} {timeout}", tool.name, tool.task_class)
        })
        .collect();
    assert_eq!(
        told,
        [
            "llm/delegate-codex LLM_LITE 0",
            "llm/llm-haiku LLM_LITE 0",
            "llm/llm-sonnet LLM_HEAVY 0",
            "scripts/run-bash MEDIUM_SCRIPT 0",
            "scripts/run-bash-fast FAST_SCRIPT 0",
            "scripts/run-python MEDIUM_SCRIPT 0",
            "checks/summarize FAST_SCRIPT 0",
            "checks/validate-integration MEDIUM_SCRIPT 120",
            "checks/validate-outputs FAST_SCRIPT 60",
        ]
    );
}

#[test]
fn every_example_passes_and_its_canonical_form_stays_as_it_is() {
    let built_in = BuiltIn::new();
    for (name, (_, tool)) in &built_in.tools {
        for example in &tool.examples {
            let payload = serde_json::from_str(example.payload.as_str()).expect("JSON");
            let checked = built_in.passed(name, &payload);
            let stored: Value = serde_json::from_str(checked.payload.as_str()).expect("JSON");
            assert!(keys_are_sorted(&stored), "{name}: {stored}");
            assert!(!checked.label.is_empty(), "{name}: {}", example.title);
            assert_eq!(checked.dedupe_key, None);
            assert_eq!(built_in.passed(name, &stored), checked, "{name}");
        }
        let template: Value = serde_json::from_str(tool.template.as_str()).expect("JSON");
        let schema: Value = serde_json::from_str(tool.payload_schema.as_str()).expect("JSON");
        for key in template.as_object().expect("an object").keys() {
            assert!(schema["properties"].get(key).is_some(), "{name}: {key}");
        }
    }
}

#[test]
fn a_payload_that_a_schema_cannot_judge_is_refused_at_the_field() {
    let built_in = BuiltIn::new();
    let long = "a ".repeat(600_000);
    for (tool, payload, expected) in [
        (
            "llm-haiku",
            json!({"prompt": " \n"}),
            &["/prompt: must not be blank [required]"][..],
        ),
        (
            "delegate-codex",
            json!({"prompt": "x", "context_files": ["../x", "/etc/passwd"], "output_path": "~/x"}),
            &[
                "/context_files/0: leads out of the project's folder [conflict]",
                "/context_files/1: leads out of the project's folder [conflict]",
                "/output_path: leads out of the project's folder [conflict]",
            ],
        ),
        (
            "validate-outputs",
            json!({}),
            &["/directory: must be given where there are no `paths` [required] (try \".\")"],
        ),
        (
            "validate-integration",
            json!({"paths": ["a", ""]}),
            &["/paths/1: must not be blank [required]"],
        ),
        (
            "summarize",
            json!({"text": "a", "task_id": "tsk_7f3"}),
            &[
                "/task_id: stands beside `text`; give one of the two [conflict]",
                "/task_id: is no task's id [pattern]",
            ],
        ),
        (
            "run-python",
            json!({"script_path": "scripts/a.sh"}),
            &[
                "/script_path: is a shell script, and `run-python` runs python scripts; `run-bash` runs it [conflict]",
            ],
        ),
    ] {
        assert_eq!(built_in.refused(tool, &payload), expected, "{tool}");
    }
    let label = built_in
        .passed("llm-sonnet", &json!({"prompt": long[..900_000]}))
        .label;
    assert_eq!(label.chars().count(), 120, "a long prompt costs no fault");
}

#[test]
fn what_is_not_there_is_told_by_whoever_may_look_and_by_nobody_else() {
    let (granted, blind) = (BuiltIn::granted(), BuiltIn::new());
    for (tool, payload, expected) in [
        (
            "delegate-codex",
            json!({"prompt": "x", "context_files": ["src/a.py"]}),
            "/context_files/0: is not there: it has to be written first, or left out [not-found]",
        ),
        (
            "run-bash",
            json!({"script_path": "scripts/a.sh", "cwd": "services"}),
            "/cwd: is not there: it has to be made first, or left out [not-found]",
        ),
    ] {
        assert_eq!(granted.refused(tool, &payload), [expected]);
        blind.passed(tool, &payload);
    }
    let outputs = json!({"directory": "dist", "paths": ["a.json"]});
    granted.passed("validate-outputs", &outputs);
}

#[test]
fn guides_hold_whole_commands_and_tell_how_a_task_ends() {
    for (name, (_, tool)) in &BuiltIn::new().tools {
        for end in ["sparkq complete \"$id\" --", "sparkq fail \"$id\" --error "] {
            assert!(tool.guide.contains(end), "{name}: {end}");
        }
        assert!(tool.guide.matches("\n```sh\n").count() >= 3, "{name}");
        assert!(
            !tool.guide.contains("$ID") && !tool.guide.contains("PATH"),
            "{name}"
        );
        assert_eq!(tool.guide.matches("```").count() % 2, 0, "{name}");
    }
}
