//! What `run-bash` is, for people and agents.

use serde_json::json;
use sparkq_plugin::tools::{Definition, Example, Hints};

/// The tool's name.
pub(crate) const RUN_BASH: &str = "run-bash";

const DESCRIPTION: &str = "\
Runs a shell script of the project's script index: builds, tests, migrations, anything of up to five minutes. \
`script_path` is the script, relative to the folder of `sparkq.toml`. \
`args` are handed to it one by one, `env` is added to its environment, and `cwd` is where it runs, the project's \
folder when it is left out. A `# timeout:` or `# task_class:` in the script's header holds for the task.";

const GUIDE: &str = "\
1. Take `script_path`, `args`, `env` and `cwd` from the payload; what is missing is empty.
2. From the project's folder, the one of `sparkq.toml`, run the script and keep its output. With a `cwd`, change
   to it first and give the script's full path:
   `env KEY=VALUE… bash SCRIPT_PATH ARGS… >out.txt 2>err.txt`
   Pass each of `args` as one argument, quoted. Do not edit the script, do not run it twice.
3. Exit code 0: say in one or two sentences what was done, with the figures that matter.
   `sparkq complete ID --result '{\"summary\":\"built 14 crates, no warnings\",\"exit_code\":0}' --stdout @out.txt --stderr @err.txt`
4. Any other exit code: say what failed, quoting the line that tells why.
   `sparkq fail ID --error \"exit code 2: tests/auth.rs:41 assertion failed\" --stdout @out.txt --stderr @err.txt`
5. The script is missing, or is still running when the task's timeout is over: stop it and `sparkq fail` too.";

/// The definition of `run-bash`.
pub(crate) fn run_bash() -> Definition {
    Definition {
        name: RUN_BASH.to_owned(),
        title: "Run a shell script".to_owned(),
        description: DESCRIPTION.to_owned(),
        guide: GUIDE.to_owned(),
        task_class: "MEDIUM_SCRIPT".to_owned(),
        timeout_seconds: Some(300),
        payload_schema: schema(),
        result_schema: None,
        template: json!({"script_path": "", "args": [], "env": {}}).to_string(),
        examples: examples(),
        hints: Hints::DESTRUCTIVE | Hints::OPEN_WORLD,
        attrs: Vec::new(),
    }
}

fn schema() -> String {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["script_path"],
        "properties": {
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
            "cwd": {
                "type": "string",
                "minLength": 1,
                "maxLength": 4096,
                "title": "Folder",
                "description": "Where the script runs, relative to the project's folder; that folder when left out",
            },
        },
        "additionalProperties": false,
    })
    .to_string()
}

fn examples() -> Vec<Example> {
    [
        ("Just run it", json!({"script_path": "scripts/build.sh"})),
        ("With arguments", json!({"script_path": "scripts/deploy.sh", "args": ["staging", "--dry-run"]})),
        (
            "With environment, in a folder",
            json!({"script_path": "scripts/test.sh", "env": {"RUST_LOG": "debug"}, "cwd": "services/auth"}),
        ),
    ]
    .into_iter()
    .map(|(title, payload)| Example { title: title.to_owned(), payload: payload.to_string() })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn description_and_guide_are_short_enough_for_the_contract() {
        assert!(
            DESCRIPTION.len() <= 2048 && GUIDE.len() <= 2048,
            "{} {}",
            DESCRIPTION.len(),
            GUIDE.len()
        );
    }

    #[test]
    fn the_keys_of_every_example_are_those_of_the_schema() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).expect("JSON");
        for example in examples() {
            let payload: serde_json::Map<_, _> =
                serde_json::from_str(&example.payload).expect("an object");
            assert!(
                payload
                    .keys()
                    .all(|key| schema["properties"].get(key).is_some()),
                "{}",
                example.title
            );
        }
    }
}
