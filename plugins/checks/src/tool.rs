//! What the tools that look at others' work are, for people and agents.

use serde_json::{Value, json};
use sparkq_plugin::define::{self, Tool};
use sparkq_plugin::tools::{Definition, Hints};

/// Looks at what was made.
pub(crate) const OUTPUTS: &str = "validate-outputs";
/// Looks at whether parts fit together.
pub(crate) const INTEGRATION: &str = "validate-integration";
/// Sums up.
pub(crate) const SUMMARIZE: &str = "summarize";

/// The definitions.
pub(crate) fn all() -> Vec<Definition> {
    let tools = [outputs(), integration(), summarize()];
    tools.map(Definition::from).into()
}

fn outputs() -> Tool<'static> {
    Tool {
        name: OUTPUTS,
        title: "Look at what was made",
        description: "\
            Looks at files that earlier tasks were to make: whether each is there, whole, well-formed and about the \
            right thing. `directory` is a folder to look through, `paths` are files or folders to look at; give one \
            or both, relative to the folder of `sparkq.toml`; none of them has to be there yet. The result lists \
            `findings`, and is refused while something is missing that they do not name. Changes nothing. Whether \
            parts of a program fit together is for `validate-integration`.",
        guide: include_str!("guide/validate-outputs.md"),
        task_class: "FAST_SCRIPT",
        timeout_seconds: Some(60),
        payload_schema: files(),
        template: json!({"directory": "", "paths": []}),
        examples: vec![
            (
                "These files",
                json!({"paths": ["dist/report.json", "dist/summary.md"]}),
            ),
            ("Whatever is in a folder", json!({"directory": "dist"})),
        ],
        hints: Hints::READ_ONLY | Hints::IDEMPOTENT,
    }
}

fn integration() -> Tool<'static> {
    Tool {
        name: INTEGRATION,
        title: "Look whether parts fit together",
        description: "\
            Looks whether parts that were made apart work together: names, signatures and formats on both sides, \
            what calls what, settings, tests. `directory` is the part of the project to look at, `paths` are the \
            files or folders that meet; give one or both, relative to the folder of `sparkq.toml`; none of them has \
            to be there yet. The result lists `findings`, and is refused while something is missing that they do not \
            name. Changes nothing. Whether single files are in order is for `validate-outputs`.",
        guide: include_str!("guide/validate-integration.md"),
        task_class: "MEDIUM_SCRIPT",
        timeout_seconds: Some(120),
        payload_schema: files(),
        template: json!({"directory": "", "paths": []}),
        examples: vec![
            (
                "Two sides of an interface",
                json!({"paths": ["src/api.py", "src/client.py"]}),
            ),
            ("The whole project", json!({"directory": "."})),
        ],
        hints: Hints::READ_ONLY | Hints::IDEMPOTENT,
    }
}

fn summarize() -> Tool<'static> {
    Tool {
        name: SUMMARIZE,
        title: "Sum up",
        description: "\
            Sums up a text, or what came of a task, in a few sentences that stand alone and are shorter than the \
            text. Takes one of `text` and `task_id`; an id may be shortened to four characters after `tsk_`.",
        guide: include_str!("guide/summarize.md"),
        task_class: "FAST_SCRIPT",
        // That of its class.
        timeout_seconds: None,
        payload_schema: define::object(
            &[],
            json!({
                "text": {"type": "string", "title": "Text", "description": "What to sum up"},
                "task_id": {
                    "type": "string",
                    "maxLength": 100,
                    "title": "Task",
                    "description": "The task whose result and output to sum up",
                },
            }),
        ),
        template: json!({"text": ""}),
        examples: vec![
            (
                "A text",
                json!({"text": "Standup: the login is done, the import still loses its last row, Ada looks into it."}),
            ),
            ("What came of a task", json!({"task_id": "tsk_7f3k9q2m"})),
        ],
        hints: Hints::READ_ONLY | Hints::IDEMPOTENT,
    }
}

fn files() -> Value {
    let properties = json!({
        "directory": define::path(
            "Folder",
            "What to look through, relative to the project's folder",
        ),
        "paths": define::paths(
            "Paths",
            "Files or folders to look at, relative to the project's folder",
        ),
    });
    define::object(&[], properties)
}
