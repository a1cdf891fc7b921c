//! Asking a plugin for its tools, once per digest, and holding the answer to the contract.

use std::collections::HashSet;

use serde_json::Value;
use sparkq_core::tool::{Example, Hints};
use sparkq_core::wire::Document;
use sparkq_core::{About, Issue, Need, PluginRecord, TaskClass, Timeout, ToolDefinition, json};

use crate::binding::about::Info;
use crate::binding::tools::{Definition, Example as WitExample, Hints as HintFlags};
use crate::check::said_no;
use crate::fault::{Fault, FaultKind};
use crate::file::Source;
use crate::limits::{EXAMPLE, EXAMPLES, NEEDS, PROSE, TOOLS};
use crate::plugin::{Context, Plugin};
use crate::schema::Schema;
use crate::text::{self, prose, sentence};

const GET: &str = "about.get";
const DEFINITIONS: &str = "tools.definitions";

/// The version of a plugin that does not say one.
const UNVERSIONED: &str = "0.0.0";

/// What a plugin says of itself, as far as it is fit, and what is not.
#[derive(Debug, Clone)]
pub struct Account {
    /// What it says of itself; none when it does not export `about`.
    pub about: Option<About>,
    /// The tools that are as the contract has them.
    pub record: PluginRecord,
    /// What breaks the contract, in its order. With any of them the plugin cannot be used.
    pub flaws: Vec<Flaw>,
}

/// One thing in which a plugin's description breaks the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The function that said it: `tools.definitions`.
    pub function: &'static str,
    /// The tool that it is about, if it is about one.
    pub tool: Option<String>,
    /// Stable and machine-readable, in kebab-case.
    pub code: &'static str,
    /// What is wrong, as a lower-case fragment.
    pub message: String,
}

/// Asks a plugin, and takes nothing that breaks the contract.
pub(crate) fn describe(plugin: &Plugin, context: Context<'_>) -> Result<PluginRecord, Fault> {
    let account = account(plugin, context)?;
    let Some(flaw) = account.flaws.into_iter().next() else {
        return Ok(account.record);
    };
    let message = match flaw.tool {
        Some(tool) => format!("tool `{tool}`: {}", flaw.message),
        None => flaw.message,
    };
    Err(plugin.fault(flaw.function, FaultKind::BadOutput, &message))
}

/// Asks a plugin, and tells what is fit and what is not.
pub(crate) fn account(plugin: &Plugin, context: Context<'_>) -> Result<Account, Fault> {
    let mut instance = plugin.alone(context)?;
    let info = instance.try_call(GET, |store, guest| {
        Some(guest.about.as_ref()?.call_get(store))
    })?;
    let version = match &info {
        Some(info) => sentence(&info.version),
        None => UNVERSIONED.to_owned(),
    };
    plugin.set_version(&version);
    let mut flaws = Vec::new();
    let about = info.map(|info| about(info, &mut flaws));
    let answer = instance.try_call(DEFINITIONS, |store, guest| {
        Some(guest.tools.as_ref()?.call_definitions(store))
    })?;
    let definitions = answer
        .unwrap_or_else(|| Ok(Vec::new()))
        .map_err(|said| said_no(plugin, DEFINITIONS, &said))?;
    let longest = plugin.file.limits.document.min(EXAMPLE);
    let tools = tools(definitions, longest, &mut flaws);
    let record = PluginRecord {
        judges: plugin.judges_results(context)?,
        config: plugin.file.config.clone(),
        built_in: matches!(plugin.file.source, Source::Bytes(_)),
        name: plugin.file.name.clone(),
        version,
        digest: plugin.file.digest.clone(),
        about: about.clone().unwrap_or_default(),
        tools,
    };
    Ok(Account {
        about,
        record,
        flaws,
    })
}

/// What it says of itself, held to the contract: a need is one of a grant that there is, and has its reason.
fn about(info: Info, flaws: &mut Vec<Flaw>) -> About {
    let mut bad = |code, message| {
        flaws.push(Flaw {
            function: GET,
            tool: None,
            code,
            message,
        });
    };
    if info.needs.len() > NEEDS {
        let found = info.needs.len();
        bad(
            "too-many",
            format!("it needs {found} grants, and at most {NEEDS} are taken"),
        );
    }
    let mut needs: Vec<Need> = Vec::with_capacity(info.needs.len().min(NEEDS));
    for need in info.needs.into_iter().take(NEEDS) {
        let grant = sentence(&need.grant);
        if !is_grant(&need.grant) {
            bad(
                "grant",
                format!("it needs `{grant}`, and a grant is `files:NAME` or `env:NAME`"),
            );
        } else if needs.iter().any(|known| known.grant == grant) {
            bad("duplicate", format!("it needs `{grant}` twice"));
        } else {
            needs.push(Need {
                grant,
                why: sentence(&need.why),
                optional: need.optional,
            });
        }
    }
    About {
        homepage: info.homepage.as_deref().map(sentence),
        license: info.license.as_deref().map(sentence),
        needs,
    }
}

/// The tools that can be used, each by a name of its own.
fn tools(
    definitions: Vec<Definition>,
    longest: usize,
    flaws: &mut Vec<Flaw>,
) -> Vec<ToolDefinition> {
    let flaw = |tool, (code, message): Bad| Flaw {
        function: DEFINITIONS,
        tool,
        code,
        message: sentence(&message),
    };
    let found = definitions.len();
    if found > TOOLS {
        let message = format!("it defines {found} tools, and at most {TOOLS} are taken");
        flaws.push(flaw(None, ("too-many", message)));
    }
    let mut names = HashSet::new();
    let mut tools = Vec::with_capacity(found.min(TOOLS));
    for definition in definitions.into_iter().take(TOOLS) {
        let name = sentence(&definition.name);
        if !names.insert(definition.name.clone()) {
            let message = format!("it defines tool `{name}` twice");
            flaws.push(flaw(None, ("duplicate", message)));
            continue;
        }
        match tool(definition, longest) {
            Ok(tool) => tools.push(tool),
            Err(wrong) => flaws.extend(wrong.into_iter().map(|bad| flaw(Some(name.clone()), bad))),
        }
    }
    tools
}

/// `files:` and a name as tools have them, or `env:` and a name that a shell could give.
fn is_grant(grant: &str) -> bool {
    match grant.split_once(':') {
        Some(("files", name)) => is_tool_name(name),
        Some(("env", name)) => {
            let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
            name.bytes().next().is_some_and(letter)
                && name.len() <= 255
                && name
                    .bytes()
                    .all(|byte| letter(byte) || byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// A code, and what is wrong in words.
type Bad = (&'static str, String);

/// One tool, or all that is wrong with it.
fn tool(definition: Definition, longest: usize) -> Result<ToolDefinition, Vec<Bad>> {
    let mut wrong: Vec<Bad> = Vec::new();
    if !is_tool_name(&definition.name) {
        let why = "a name is a lower-case letter, then up to 62 lower-case letters, digits or `-`";
        wrong.push(("name", why.to_owned()));
    }
    for (what, text) in [
        ("description", &definition.description),
        ("guide", &definition.guide),
    ] {
        if text.len() > PROSE {
            let found = text.len();
            let why = format!("its {what} has {found} bytes, and at most {PROSE} are taken");
            wrong.push(("too-long", why));
        }
    }
    let payload_schema = schema("payload", &definition.payload_schema)
        .map_err(|bad| wrong.push(bad))
        .ok();
    let result_schema = definition.result_schema.as_deref();
    let result_schema = result_schema
        .map(|text| schema("result", text))
        .transpose()
        .unwrap_or_else(|bad| {
            wrong.push(bad);
            None
        });
    let validator = payload_schema.as_ref().map(|(schema, _)| schema);
    let examples = examples(definition.examples, validator, longest, &mut wrong);
    let template = read("template", &definition.template, longest)
        .map_err(|bad| wrong.push(bad))
        .ok();
    let task_class = TaskClass::try_from(definition.task_class)
        .map_err(|why| wrong.push(("task-class", why.to_string())))
        .ok();
    let seconds = definition.timeout_seconds.map(u64::from);
    let timeout = seconds
        .map(Timeout::from_seconds)
        .transpose()
        .unwrap_or_else(|why| {
            wrong.push(("timeout", why.to_string()));
            None
        });
    let (Some((_, payload_schema)), Some(template), Some(task_class), true) =
        (payload_schema, template, task_class, wrong.is_empty())
    else {
        return Err(wrong);
    };
    Ok(ToolDefinition {
        name: definition.name,
        title: sentence(&definition.title),
        description: prose(&definition.description),
        guide: prose(&definition.guide),
        task_class,
        timeout,
        payload_schema,
        result_schema: result_schema.map(|(_, text)| text),
        template: shown(&template),
        examples,
        hints: hints(definition.hints),
    })
}

/// A schema, compiled and as it is kept.
fn schema(what: &str, text: &str) -> Result<(Schema, Document), Bad> {
    let compiled = Schema::compile(text);
    compiled
        .and_then(|schema| {
            let document = json::parse(text).map_err(|error| error.to_string())?;
            Ok((schema, shown(&document)))
        })
        .map_err(|why| ("schema", format!("its {what} schema cannot be used: {why}")))
}

/// The examples that pass the schema, where there is one to pass.
fn examples(
    given: Vec<WitExample>,
    schema: Option<&Schema>,
    longest: usize,
    wrong: &mut Vec<Bad>,
) -> Vec<Example> {
    if given.is_empty() {
        wrong.push(("no-example", "it has no example".to_owned()));
    }
    let found = given.len();
    if found > EXAMPLES {
        let why = format!("it has {found} examples, and at most {EXAMPLES} are taken");
        wrong.push(("too-many", why));
    }
    let mut examples = Vec::with_capacity(found.min(EXAMPLES));
    for example in given.into_iter().take(EXAMPLES) {
        let title = sentence(&example.title);
        let payload = match read(&format!("example `{title}`"), &example.payload, longest) {
            Ok(payload) => payload,
            Err(bad) => {
                wrong.push(bad);
                continue;
            }
        };
        let issues = schema.map(|schema| schema.check(&payload));
        let issues = issues.unwrap_or_default();
        let breaks = |issue: &Issue| {
            let why = format!("its example `{title}` breaks its own schema: {issue}");
            ("example", why)
        };
        if !issues.is_empty() {
            wrong.extend(issues.iter().map(breaks));
        } else if !payload.is_object() {
            wrong.push(("example", format!("its example `{title}` is no object")));
        } else {
            let payload = shown(&payload);
            examples.push(Example { title, payload });
        }
    }
    examples
}

/// A document as it is kept, all of it to be seen.
pub(crate) fn shown(value: &Value) -> Document {
    Document::from_json_text(text::json(&value.to_string()))
}

/// Reads one of its documents.
fn read(what: &str, text: &str, longest: usize) -> Result<Value, Bad> {
    let found = text.len();
    if found > longest {
        let why = format!("its {what} has {found} bytes, and at most {longest} are taken");
        return Err(("too-long", why));
    }
    json::parse(text).map_err(|error| {
        let why = sentence(&error.to_string());
        ("json", format!("its {what} is not JSON: {why}"))
    })
}

fn is_tool_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && name.len() <= 63
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn hints(flags: HintFlags) -> Hints {
    Hints {
        read_only: flags.contains(HintFlags::READ_ONLY),
        destructive: flags.contains(HintFlags::DESTRUCTIVE),
        idempotent: flags.contains(HintFlags::IDEMPOTENT),
        open_world: flags.contains(HintFlags::OPEN_WORLD),
    }
}
