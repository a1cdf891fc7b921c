//! What is wrong, odd or missing in what a plugin says of itself and its tools.

use sparkq_core::Severity::{Error, Hint, Warning};
use sparkq_core::{TaskClass, ToolDefinition};
use sparkq_runtime::{Account, Flaw, Schema};

use super::finding::Finding;
use crate::assets;

/// The version of a plugin that does not give one.
const UNVERSIONED: &str = "0.0.0";

/// The code of a tool whose name one of SparkQ's own has.
pub(crate) const TAKEN: &str = "taken";

/// Everything that is to be said of it.
pub(super) fn look(account: &Account) -> Vec<Finding> {
    let mut findings: Vec<Finding> = account.flaws.iter().map(flaw).collect();
    findings.extend(about(account));
    let record = &account.record;
    let taken = taken(&record.digest);
    for tool in &record.tools {
        findings.extend(of_tool(tool, record.judges));
        if let Some(plugin) = taken
            .iter()
            .find_map(|(plugin, name)| (*name == tool.name).then_some(plugin))
        {
            findings.push(is_taken(&record.name, &tool.name, plugin));
        }
    }
    findings
}

fn place(tool: &str) -> String {
    format!("tool {tool}")
}

/// What stops the plugin, with what to do about it.
fn flaw(flaw: &Flaw) -> Finding {
    let place = match &flaw.tool {
        Some(tool) => place(tool),
        None if flaw.function.starts_with("about") => "about".to_owned(),
        None => "tools".to_owned(),
    };
    let fix = match flaw.code {
        "name" => "choose a name such as `acme-deploy`",
        "duplicate" => "leave one of them out, or give it another name",
        "too-long" => "say less, or move it to a page that `about.homepage` names",
        "too-many" => "split it into several plugins",
        "grant" => {
            "write `files:NAME` for a folder, `env:NAME` for a variable; there are no other grants"
        }
        "schema" => {
            "write JSON Schema 2020-12 that refers to nothing outside itself, with patterns without look-around and back references"
        }
        "no-example" => r#"add one: { title: "…", payload: "{…}" }"#,
        "example" => "change the example or the schema, so that they agree",
        "json" => "make the text with your language's JSON library",
        "task-class" => "use FAST_SCRIPT, MEDIUM_SCRIPT, LLM_LITE or LLM_HEAVY",
        "timeout" => "give 1 to 604800 seconds, or none for that of its class",
        _ => "",
    };
    Finding::new(Error, place, flaw.code, &flaw.message, fix)
}

fn about(account: &Account) -> Vec<Finding> {
    let Some(about) = &account.about else {
        return vec![Finding::new(
            Warning,
            "about",
            "no-about",
            "it does not export `about`, so nobody can tell which version it is",
            "export sparkq:plugin/about@1.0.0",
        )];
    };
    let mut findings = Vec::new();
    let version = account.record.version.trim();
    if version.is_empty() || version == UNVERSIONED {
        findings.push(Finding::new(
            Warning,
            "about",
            "no-version",
            "it gives no version",
            r#"give one, such as "1.0.0", and raise it with every release"#,
        ));
    }
    for need in about.needs.iter().filter(|need| need.why.trim().is_empty()) {
        findings.push(Finding::new(
            Warning,
            "about",
            "no-reason",
            format!("it does not say why it needs `{}`", need.grant),
            "say it in one sentence: whoever adds the plugin is asked",
        ));
    }
    findings
}

/// What is odd about a tool that can be used.
fn of_tool(tool: &ToolDefinition, judges: bool) -> Vec<Finding> {
    let place = place(&tool.name);
    let mut findings = Vec::new();
    let mut say = |severity, code: &str, message: String, fix: &str| {
        findings.push(Finding::new(severity, &*place, code, message, fix));
    };
    for (what, text, fix) in [
        ("title", &tool.title, "give it a few words for people"),
        (
            "description",
            &tool.description,
            "say what it is for, for people and agents who choose a tool",
        ),
        (
            "guide",
            &tool.guide,
            "say how a worker carries it out, step by step: claim and the playbook show it",
        ),
    ] {
        if text.trim().is_empty() {
            say(Warning, "blank", format!("its {what} is blank"), fix);
        }
    }
    let built_in = |(name, _): &(&str, u64)| *name == tool.task_class.as_str();
    if !TaskClass::BUILT_IN.iter().any(built_in) {
        let message = format!(
            "its class `{}` is none of SparkQ's own, so projects must give it a timeout",
            tool.task_class
        );
        let fix = "use FAST_SCRIPT, MEDIUM_SCRIPT, LLM_LITE or LLM_HEAVY";
        say(Hint, "unknown-class", message, fix);
    }
    if !tool.template.value().is_object() {
        let message = "its template is no object, and payloads are".to_owned();
        say(
            Error,
            "template",
            message,
            r#"begin with what must be given: {"path": ""}"#,
        );
    }
    if takes_everything(tool.payload_schema.as_str()) {
        let message =
            "its schema takes every object, so nobody is told what a payload is".to_owned();
        let fix = r#"describe it: {"type": "object", "properties": {…}, "required": […], "additionalProperties": false}"#;
        say(Warning, "schema-takes-all", message, fix);
    }
    if judges && tool.result_schema.is_none() {
        let message =
            "it judges results and gives no result schema, so workers cannot see what is expected"
                .to_owned();
        say(
            Hint,
            "no-result-schema",
            message,
            "give result-schema, or say in the guide what a result holds",
        );
    }
    findings
}

/// Whether a schema has nothing to say, shown by payloads that have nothing in common.
fn takes_everything(schema: &str) -> bool {
    let Ok(schema) = Schema::compile(schema) else {
        return false;
    };
    let odd = serde_json::json!({"\u{1f980} nobody has this": [null, {"a": -1}]});
    schema.accepts(&odd) && schema.accepts(&serde_json::json!({}))
}

/// The tools that come with SparkQ, with their plugins; without those of the component itself.
fn taken(digest: &str) -> Vec<(String, String)> {
    let plugins = assets::plugins();
    let others = plugins.into_iter().filter(|file| file.digest != digest);
    let runtime = sparkq_runtime::Runtime::new(crate::queue::settings(), others.collect());
    let records = runtime
        .plugins()
        .filter_map(|file| runtime.describe(&file.name).ok());
    records
        .flat_map(|record| {
            let tools = record.tools.into_iter();
            let plugin = record.name;
            tools.map(move |tool| (plugin.clone(), tool.name))
        })
        .collect()
}

fn is_taken(name: &str, tool: &str, plugin: &str) -> Finding {
    Finding::new(
        Error,
        place(tool),
        TAKEN,
        format!("a tool `{tool}` comes with SparkQ, in plugin `{plugin}`"),
        format!(
            r#"give it another name; or, where it is used, in sparkq.toml: [tools.NEW-NAME] uses = "{name}/{tool}""#
        ),
    )
}
