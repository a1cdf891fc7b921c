//! What the tools that take a prompt are, for people and agents.

use serde_json::{Value, json};
use sparkq_plugin::define::{self, Tool};
use sparkq_plugin::tools::{Definition, Hints};

/// The tools' names.
pub(crate) const NAMES: [&str; 3] = [HAIKU, SONNET, CODEX];

const HAIKU: &str = "llm-haiku";
const SONNET: &str = "llm-sonnet";
const CODEX: &str = "delegate-codex";

/// The definitions.
pub(crate) fn all() -> Vec<Definition> {
    let tools = [haiku(), sonnet(), codex()];
    tools.map(Definition::from).into()
}

fn haiku() -> Tool<'static> {
    Tool {
        title: "Ask a light model",
        description: "\
            Has a light, fast language model (Claude Haiku or the like) do what `prompt` says: sort, extract, reword, \
            draft, look something up. `context_files`, which are there when it is queued, are read first; \
            `output_path` is where the answer goes, and a result without that file is refused; both are relative to \
            the folder of `sparkq.toml`. `model` names another model of that level. What needs thought is for \
            `llm-sonnet`, code for `delegate-codex`.",
        guide: include_str!("guide/llm-haiku.md"),
        examples: vec![
            (
                "Write a file from another one",
                json!({
                    "prompt": "Tell newcomers in at most five bullets how work is queued and done in this project.",
                    "context_files": ["WORKER_PLAYBOOK.md"],
                    "output_path": "docs/queue.md",
                }),
            ),
            (
                "Just ask",
                json!({"prompt": "Suggest ten names for a command that lists overdue tasks."}),
            ),
        ],
        ..prompt(HAIKU, "LLM_LITE")
    }
}

fn sonnet() -> Tool<'static> {
    Tool {
        title: "Ask a stronger model",
        description: "\
            Has a strong language model (Claude Sonnet or better) do what `prompt` says: design, review, debugging, \
            anything that needs several steps of thought or changes several files. `context_files`, which are there \
            when it is queued, are read first; `output_path` is where the answer goes, and a result without that \
            file is refused; both are relative to the folder of `sparkq.toml`. `model` names another model of that \
            level. What is quick and plain is for `llm-haiku`.",
        guide: include_str!("guide/llm-sonnet.md"),
        examples: vec![
            (
                "Review into a file",
                json!({
                    "prompt": "Review how this queue is set up. List each weakness in sparkq.toml with its line and a fix.",
                    "context_files": ["sparkq.toml"],
                    "output_path": "docs/queue-review.md",
                }),
            ),
            (
                "With a model of its own",
                json!({
                    "prompt": "Find out why the nightly import loses its last row, and mend it with a test.",
                    "model": "opus",
                }),
            ),
        ],
        ..prompt(SONNET, "LLM_HEAVY")
    }
}

fn codex() -> Tool<'static> {
    Tool {
        title: "Have Codex write code",
        description: "\
            Hands `prompt` to the Codex command line, which changes the code, and has the worker review what it \
            changed. For well-bounded code: a function with its tests, a rename, one more case like those that are \
            there. `context_files`, which are there when it is queued, are what Codex reads first; `output_path` is \
            where its last message goes, and a result without that file is refused; both are relative to the folder \
            of `sparkq.toml`. `model` is the model it runs with.",
        guide: include_str!("guide/delegate-codex.md"),
        examples: vec![
            (
                "A bounded change",
                json!({
                    "prompt": "Write scripts/lint.sh: it runs shellcheck over the script folders that sparkq.toml names.",
                    "context_files": ["sparkq.toml"],
                }),
            ),
            (
                "With a model of its own",
                json!({
                    "prompt": "Rename the option --colour to --color everywhere, tests and docs included.",
                    "model": "gpt-5-codex",
                    "output_path": "docs/rename.md",
                }),
            ),
        ],
        ..prompt(CODEX, "LLM_LITE")
    }
}

/// What the tools have in common.
fn prompt(name: &'static str, task_class: &'static str) -> Tool<'static> {
    Tool {
        name,
        title: name,
        description: "",
        guide: "",
        task_class,
        // That of its class.
        timeout_seconds: None,
        payload_schema: schema(),
        template: json!({"prompt": "", "context_files": []}),
        examples: Vec::new(),
        hints: Hints::DESTRUCTIVE | Hints::OPEN_WORLD,
    }
}

fn schema() -> Value {
    let properties = json!({
        "prompt": {
            "type": "string",
            "title": "Prompt",
            "description": "What to do, complete in itself: the worker knows nothing else",
        },
        "context_files": define::paths(
            "Context files",
            "Files to read first, which are there, relative to the project's folder",
        ),
        "output_path": define::path(
            "Output path",
            "The file to write the answer to, relative to the project's folder; a result without it is refused",
        ),
        "model": {
            "type": "string",
            "maxLength": 200,
            "title": "Model",
            "description": "The model to use, where it matters",
        },
    });
    define::object(&["prompt"], properties)
}
