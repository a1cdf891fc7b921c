//! Asking a plugin for its tools, once per digest, and holding the answer to the contract.

use std::collections::HashSet;

use serde_json::Value;
use sparkq_core::tool::{Example, Hints};
use sparkq_core::wire::Document;
use sparkq_core::{About, Need, PluginRecord, TaskClass, Timeout, ToolDefinition};

use crate::binding::about::Info;
use crate::binding::tools::{Definition, Hints as HintFlags};
use crate::check::{document, said_no};
use crate::fault::{Fault, FaultKind};
use crate::file::Source;
use crate::limits::{NEEDS, PROSE, TOOLS};
use crate::plugin::{Context, Plugin};
use crate::schema::Schema;
use crate::text::{prose, sentence};

const GET: &str = "about.get";
const DEFINITIONS: &str = "tools.definitions";

/// The version of a plugin that does not say one.
const UNVERSIONED: &str = "0.0.0";

pub(crate) fn describe(plugin: &Plugin, context: Context<'_>) -> Result<PluginRecord, Fault> {
    let mut instance = plugin.alone(context)?;
    let info = instance.try_call(GET, |store, guest| {
        Some(guest.about.as_ref()?.call_get(store))
    })?;
    let version = match &info {
        Some(info) => sentence(&info.version),
        None => UNVERSIONED.to_owned(),
    };
    plugin.set_version(&version);
    let about = info.map(|info| about(plugin, info)).transpose()?;
    let answer = instance.try_call(DEFINITIONS, |store, guest| {
        Some(guest.tools.as_ref()?.call_definitions(store))
    })?;
    let definitions = answer
        .unwrap_or_else(|| Ok(Vec::new()))
        .map_err(|said| said_no(plugin, DEFINITIONS, &said))?;
    let bad = |message: &str| plugin.fault(DEFINITIONS, FaultKind::BadOutput, message);
    if definitions.len() > TOOLS {
        return Err(bad(&format!(
            "it defines {} tools, and at most {TOOLS} are taken",
            definitions.len()
        )));
    }
    let mut names = HashSet::new();
    let mut tools = Vec::with_capacity(definitions.len());
    for definition in definitions {
        if !names.insert(definition.name.clone()) {
            return Err(bad(&format!(
                "it defines tool `{}` twice",
                sentence(&definition.name)
            )));
        }
        tools.push(tool(plugin, definition)?);
    }
    Ok(PluginRecord {
        judges: plugin.judges_results(context)?,
        config: plugin.file.config.clone(),
        built_in: matches!(plugin.file.source, Source::Bytes(_)),
        name: plugin.file.name.clone(),
        version,
        digest: plugin.file.digest.clone(),
        about: about.unwrap_or_default(),
        tools,
    })
}

/// What it says of itself, held to the contract: a need is one of a grant that there is, and has its reason.
fn about(plugin: &Plugin, info: Info) -> Result<About, Fault> {
    let bad = |why: &str| plugin.fault(GET, FaultKind::BadOutput, why);
    if info.needs.len() > NEEDS {
        return Err(bad(&format!(
            "it needs {} grants, and at most {NEEDS} are taken",
            info.needs.len()
        )));
    }
    let mut needs: Vec<Need> = Vec::with_capacity(info.needs.len());
    for need in info.needs {
        let grant = sentence(&need.grant);
        if !is_grant(&need.grant) {
            return Err(bad(&format!(
                "it needs `{grant}`, and a grant is `files:NAME` or `env:NAME`"
            )));
        }
        if needs.iter().any(|known| known.grant == grant) {
            return Err(bad(&format!("it needs `{grant}` twice")));
        }
        needs.push(Need {
            grant,
            why: sentence(&need.why),
            optional: need.optional,
        });
    }
    Ok(About {
        homepage: info.homepage.as_deref().map(sentence),
        license: info.license.as_deref().map(sentence),
        needs,
    })
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

fn tool(plugin: &Plugin, definition: Definition) -> Result<ToolDefinition, Fault> {
    let name = definition.name;
    let bad = |why: &str| {
        plugin.fault(
            DEFINITIONS,
            FaultKind::BadOutput,
            &format!("tool `{}`: {why}", sentence(&name)),
        )
    };
    if !is_tool_name(&name) {
        return Err(bad(
            "a name is a lower-case letter, then up to 62 lower-case letters, digits or `-`",
        ));
    }
    for (what, text) in [
        ("description", &definition.description),
        ("guide", &definition.guide),
    ] {
        if text.len() > PROSE {
            return Err(bad(&format!(
                "its {what} has {} bytes, and at most {PROSE} are taken",
                text.len()
            )));
        }
    }
    let read = |text: &str| document(plugin, DEFINITIONS, text);
    let schema = Schema::compile(&definition.payload_schema)
        .map_err(|why| bad(&format!("its payload schema cannot be used: {why}")))?;
    if let Some(text) = &definition.result_schema {
        Schema::compile(text)
            .map_err(|why| bad(&format!("its result schema cannot be used: {why}")))?;
    }
    if definition.examples.is_empty() {
        return Err(bad("it has no example"));
    }
    let mut examples = Vec::with_capacity(definition.examples.len());
    for example in definition.examples {
        let payload = read(&example.payload)?;
        let title = sentence(&example.title);
        match schema.check(&payload).first() {
            Some(issue) => {
                return Err(bad(&format!(
                    "its example `{title}` breaks its own schema: {issue}"
                )));
            }
            None if !payload.is_object() => {
                return Err(bad(&format!("its example `{title}` is no object")));
            }
            None => examples.push(Example {
                title,
                payload: payload.into(),
            }),
        }
    }
    let seconds = definition.timeout_seconds.map(u64::from);
    Ok(ToolDefinition {
        title: sentence(&definition.title),
        description: prose(&definition.description),
        guide: prose(&definition.guide),
        task_class: TaskClass::try_from(definition.task_class)
            .map_err(|why| bad(&why.to_string()))?,
        timeout: seconds
            .map(Timeout::from_seconds)
            .transpose()
            .map_err(|why| bad(&why.to_string()))?,
        payload_schema: read(&definition.payload_schema)?.into(),
        result_schema: definition
            .result_schema
            .as_deref()
            .map(read)
            .transpose()?
            .map(Document::from),
        template: Value::into(read(&definition.template)?),
        examples,
        hints: hints(definition.hints),
        name,
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
