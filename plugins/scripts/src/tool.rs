//! What the tools that run scripts are, for people and agents.

use serde_json::{Value, json};
use sparkq_plugin::define::{self, object};
use sparkq_plugin::tools::{Definition, Hints};

/// One tool: a language, and how long its scripts take.
pub(crate) struct Tool {
    /// Its name.
    pub(crate) name: &'static str,
    /// The language of its scripts, as the script index spells it.
    pub(crate) language: &'static str,
    title: &'static str,
    task_class: &'static str,
    description: &'static str,
    guide: &'static str,
    /// The script, the argument and the variable of the examples.
    example: [&'static str; 4],
}

/// The tools. Where two run a language, the first is the one to recommend.
pub(crate) const TOOLS: [Tool; 3] = [
    Tool {
        name: "run-bash",
        language: "shell",
        title: "Run a shell script",
        task_class: "MEDIUM_SCRIPT",
        description: "\
            Runs a shell script of the project's script index: builds, tests, migrations, anything of up to \
            five minutes. `script_path` is the script, relative to the folder of `sparkq.toml`. `args` are \
            handed to it one by one, `env` is added to its environment, and `cwd` is the folder where it runs, which \
            is there already; the project's when it is left out. A `# timeout:` or `# task_class:` in the script's \
            header holds for the task. For what is over within 30 seconds there is `run-bash-fast`, for Python \
            `run-python`.",
        guide: include_str!("guide/run-bash.md"),
        example: ["scripts/build.sh", "--release", "RUST_LOG", "info"],
    },
    Tool {
        name: "run-bash-fast",
        language: "shell",
        title: "Run a quick shell script",
        task_class: "FAST_SCRIPT",
        description: "\
            Runs a shell script of the project's script index that is over within 30 seconds: a check, a \
            lint, a small report. `script_path` is the script, relative to the folder of `sparkq.toml`. \
            `args` are handed to it one by one, `env` is added to its environment, and `cwd` is the folder where it \
            runs, which is there already; the project's when it is left out. A `# timeout:` or `# task_class:` in the \
            script's header holds for the task. What takes longer is for `run-bash`.",
        guide: include_str!("guide/run-bash-fast.md"),
        example: ["scripts/check.sh", "--quiet", "CI", "true"],
    },
    Tool {
        name: "run-python",
        language: "python",
        title: "Run a Python script",
        task_class: "MEDIUM_SCRIPT",
        description: "\
            Runs a Python script of the project's script index: reports, conversions, anything of up to five \
            minutes. `script_path` is the script, relative to the folder of `sparkq.toml`. `args` are handed \
            to it one by one, `env` is added to its environment, and `cwd` is the folder where it runs, which is \
            there already; the project's when it is left out. A `# timeout:` or `# task_class:` in the script's header holds for \
            the task. Shell scripts are for `run-bash`.",
        guide: include_str!("guide/run-python.md"),
        example: ["scripts/report.py", "--since=7d", "PYTHONUTF8", "1"],
    },
];

impl Tool {
    /// Whether it runs scripts of a language; of one that the index cannot name it may.
    pub(crate) fn runs(&self, language: &str) -> bool {
        language == self.language || ["text", ""].contains(&language)
    }

    /// The definition.
    pub(crate) fn definition(&self) -> Definition {
        let [script, argument, variable, value] = self.example;
        define::Tool {
            name: self.name,
            title: self.title,
            description: self.description,
            guide: self.guide,
            task_class: self.task_class,
            // That of its class.
            timeout_seconds: None,
            payload_schema: schema(),
            template: json!({"script_path": "", "args": [], "env": {}}),
            examples: vec![
                (
                    "With an argument and a variable",
                    json!({"script_path": script, "args": [argument], "env": {variable: value}}),
                ),
                ("Just run it", json!({"script_path": script})),
                (
                    "In another folder",
                    json!({"script_path": script, "cwd": "services/auth"}),
                ),
            ],
            hints: Hints::DESTRUCTIVE | Hints::OPEN_WORLD,
        }
        .into()
    }
}

fn schema() -> Value {
    let properties = json!({
        "script_path": {
            "type": "string",
            "minLength": 1,
            "maxLength": 4096,
            "title": "Script",
            "description": "A path of the script index, relative to the project's folder",
        },
        "args": {
            "type": "array",
            "items": {"type": "string"},
            "maxItems": 1000,
            "title": "Arguments",
            "description": "Handed to the script one by one",
        },
        "env": {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
            "additionalProperties": {"type": "string"},
            "maxProperties": 1000,
            "title": "Environment",
            "description": "Added to the script's environment",
        },
        "cwd": define::path(
            "Folder",
            "Where the script runs, a folder that is there, relative to the project's; that one when left out",
        ),
    });
    object(&["script_path"], properties)
}
