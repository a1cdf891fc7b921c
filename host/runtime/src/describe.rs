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
use crate::limits::{NEEDS, PROSE, TOOLS};
use crate::plugin::{Context, Plugin};
use crate::schema::Schema;
use crate::text::{prose, sentence};

const DEFINITIONS: &str = "tools.definitions";

/// The version of a plugin that does not say one.
const UNVERSIONED: &str = "0.0.0";

pub(crate) fn describe(plugin: &Plugin, context: Context<'_>) -> Result<PluginRecord, Fault> {
    let info = plugin.try_call(context, "about.get", |store, guest| {
        Some(guest.about.as_ref()?.call_get(store))
    })?;
    let version = info
        .as_ref()
        .map_or_else(|| UNVERSIONED.to_owned(), |info| sentence(&info.version));
    let about = info.map(about).unwrap_or_default();
    plugin.set_version(&version);
    let answer = plugin.try_call(context, DEFINITIONS, |store, guest| {
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
        tools.push(tool(plugin, context, definition)?);
    }
    Ok(PluginRecord {
        judges: plugin.judges_results(context)?,
        config: "{}".to_owned(),
        built_in: true,
        about,
        name: plugin.file.name.clone(),
        version,
        digest: plugin.file.digest.clone(),
        tools,
    })
}

fn about(info: Info) -> About {
    let short = |text: Option<String>| text.as_deref().map(sentence);
    let needs = info.needs.into_iter().take(NEEDS).map(|need| Need {
        grant: sentence(&need.grant),
        why: sentence(&need.why),
        optional: need.optional,
    });
    About {
        homepage: short(info.homepage),
        license: short(info.license),
        needs: needs.collect(),
    }
}

fn tool(
    plugin: &Plugin,
    context: Context<'_>,
    definition: Definition,
) -> Result<ToolDefinition, Fault> {
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
    let read = |text: &str| document(plugin, context, DEFINITIONS, text);
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
