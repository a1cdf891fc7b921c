//! Checking a payload: schema, then the plugin's findings, then the canonical form.

use serde_json::{Map, Value};
use sparkq_core::wire::Document;
use sparkq_core::{Issue, Severity, TaskClass, Timeout, ToolDefinition, json};

use crate::binding::{payloads, types};
use crate::fault::{Fault, FaultKind};
use crate::findings::findings;
use crate::limits::{DEDUPE_KEY, GAIN};
use crate::plugin::{Context, Plugin};
use crate::text::{self, label, sentence};

const VALIDATE: &str = "payloads.validate";
const NORMALIZE: &str = "payloads.normalize";

/// What a payload became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The payload to store, an object.
    pub payload: Document,
    /// One line for lists, at most 120 characters.
    pub label: String,
    /// Two live tasks of one stream with the same key are one task.
    pub dedupe_key: Option<String>,
    /// The payload's own class and timeout, as a script's header may give them.
    pub limits: sparkq_core::Limits,
    /// Findings that do not stand in the way.
    pub warnings: Vec<Issue>,
}

/// Why a payload was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckError {
    /// The payload is wrong; every finding, at least one of them an error.
    Rejected(Vec<Issue>),
    /// The plugin is wrong, so nobody can say whether the payload is.
    Fault(Fault),
}

impl From<Fault> for CheckError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

pub(crate) fn check<'a>(
    plugin: &Plugin,
    context: impl FnOnce() -> Result<Context<'a>, Fault>,
    tool: &ToolDefinition,
    payload: &Map<String, Value>,
) -> Result<Checked, CheckError> {
    let schema = plugin.schema(&tool.name, tool.payload_schema.as_str())?;
    let payload = Value::Object(payload.clone());
    let issues = schema.check(&payload);
    if !issues.is_empty() {
        return Err(CheckError::Rejected(issues));
    }
    let context = context()?;
    let text = payload.to_string();
    let found = validate(plugin, context, tool, &payload, &text)?;
    if found.iter().any(|issue| issue.severity == Severity::Error) {
        return Err(CheckError::Rejected(found));
    }
    let normalized = normalize(plugin, context, &tool.name, &text)?;
    let bad = |message: &str| plugin.fault(NORMALIZE, FaultKind::BadOutput, message);
    if normalized.payload.len() > 4 * text.len() + GAIN {
        return Err(bad(&format!(
            "it makes {} bytes of a payload of {}",
            normalized.payload.len(),
            text.len()
        ))
        .into());
    }
    let value = document(plugin, NORMALIZE, &normalized.payload)?;
    if !value.is_object() {
        return Err(bad(&format!(
            "its payload is {}, and an object is needed",
            json::kind(&value)
        ))
        .into());
    }
    if let Some(issue) = schema.check(&value).first() {
        return Err(bad(&format!(
            "its payload breaks the tool's own schema: {issue}"
        ))
        .into());
    }
    if normalized
        .dedupe_key
        .as_ref()
        .is_some_and(|key| key.len() > DEDUPE_KEY)
    {
        return Err(bad(&format!("its dedupe key has more than {DEDUPE_KEY} bytes")).into());
    }
    let class = normalized
        .task_class
        .map(TaskClass::try_from)
        .transpose()
        .map_err(|why| bad(&why.to_string()))?;
    let seconds = normalized.timeout_seconds.map(u64::from);
    let timeout = seconds
        .map(Timeout::from_seconds)
        .transpose()
        .map_err(|why| bad(&why.to_string()))?;
    Ok(Checked {
        payload: Document::from_json_text(text::json(&normalized.payload)),
        label: label(&normalized.label),
        dedupe_key: normalized.dedupe_key,
        limits: sparkq_core::Limits { class, timeout },
        warnings: found,
    })
}

fn validate(
    plugin: &Plugin,
    context: Context<'_>,
    tool: &ToolDefinition,
    payload: &Value,
    text: &types::Json,
) -> Result<Vec<Issue>, Fault> {
    let answer = plugin.call(context, VALIDATE, |store, guest| {
        let payloads = guest.payloads.as_ref()?;
        Some(payloads.call_validate(store, &tool.name, text))
    })?;
    let found = answer.map_err(|said| said_no(plugin, VALIDATE, &said))?;
    findings(plugin, context, VALIDATE, found, payload)
}

fn normalize(
    plugin: &Plugin,
    context: Context<'_>,
    tool: &str,
    payload: &types::Json,
) -> Result<payloads::Normalized, Fault> {
    let answer = plugin.call(context, NORMALIZE, |store, guest| {
        Some(
            guest
                .payloads
                .as_ref()?
                .call_normalize(store, tool, payload),
        )
    })?;
    answer.map_err(|said| said_no(plugin, NORMALIZE, &said))
}

/// The fault that a plugin reported of itself.
pub(crate) fn said_no(plugin: &Plugin, function: &'static str, said: &types::Fault) -> Fault {
    plugin.fault(
        function,
        FaultKind::Plugin {
            code: sentence(&said.code),
        },
        &sentence(&said.message),
    )
}

/// Reads a document of a plugin.
pub(crate) fn document(
    plugin: &Plugin,
    function: &'static str,
    text: &str,
) -> Result<Value, Fault> {
    let bad = |message: &str| plugin.fault(function, FaultKind::BadOutput, message);
    let limit = plugin.file.limits.document;
    if text.len() > limit {
        return Err(bad(&format!(
            "it returned a document of {} bytes, and at most {limit} are taken",
            text.len()
        )));
    }
    json::parse(text).map_err(|error| {
        bad(&format!(
            "what it returned is not JSON: {}",
            sentence(&error.to_string())
        ))
    })
}
