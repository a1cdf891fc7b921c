//! Findings of a plugin, held to the contract: so many, in this order, each at a place that there is.

use serde_json::Value;
use sparkq_core::wire::Document;
use sparkq_core::{Issue, Severity};

use crate::binding::types;
use crate::check::document;
use crate::fault::Fault;
use crate::journal::Level;
use crate::limits::ISSUES;
use crate::plugin::{Context, Plugin};
use crate::text::sentence;

/// Takes what was found in the document `about`: errors first, so that no flood of advice pushes one out.
pub(crate) fn findings(
    plugin: &Plugin,
    context: Context<'_>,
    function: &'static str,
    found: Vec<types::Issue>,
    about: &Value,
) -> Result<Vec<Issue>, Fault> {
    let is_error = |found: &types::Issue| found.severity == types::Severity::Error;
    let (errors, advice): (Vec<_>, Vec<_>) = found.into_iter().partition(is_error);
    let kept = errors.into_iter().chain(advice).take(ISSUES);
    kept.map(|found| finding(plugin, context, function, found, about))
        .collect()
}

fn finding(
    plugin: &Plugin,
    context: Context<'_>,
    function: &'static str,
    found: types::Issue,
    about: &Value,
) -> Result<Issue, Fault> {
    let suggestion = found
        .suggestion
        .map(|text| document(plugin, function, &text))
        .transpose()?;
    let code = sentence(&found.code);
    let pointer = if leads_somewhere(&found.pointer, about) {
        sentence(&found.pointer)
    } else {
        let said = format!(
            "the pointer `{}` of `{code}` leads nowhere, so it counts for the whole document",
            sentence(&found.pointer)
        );
        tracing::warn!(target: "plugin", plugin = %plugin.file.name, function, "{said}");
        plugin.note(Level::Warn, function, said, context.task);
        String::new()
    };
    Ok(Issue {
        pointer,
        code,
        message: sentence(&found.message),
        severity: severity(found.severity),
        expected: found.expected.as_deref().map(sentence),
        suggestion: suggestion.map(Document::from),
    })
}

/// Whether a pointer leads to a value of the document, or to a member that an object in it could have.
fn leads_somewhere(pointer: &str, document: &Value) -> bool {
    if document.pointer(pointer).is_some() {
        return true;
    }
    let Some((parent, _)) = pointer.rsplit_once('/') else {
        return false;
    };
    document.pointer(parent).is_some_and(Value::is_object)
}

pub(crate) fn severity(severity: types::Severity) -> Severity {
    match severity {
        types::Severity::Error => Severity::Error,
        types::Severity::Warning => Severity::Warning,
        types::Severity::Hint => Severity::Hint,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_leads_to_a_value_or_to_a_member_that_is_missing() {
        let document = json!({"a": {"b/c": 1}, "list": [1]});
        for pointer in ["", "/a", "/a/b~1c", "/a/new", "/new", "/list/0"] {
            assert!(leads_somewhere(pointer, &document), "{pointer}");
        }
        for pointer in ["a", "a/b", "/list/1", "/list/-", "/a/b~1c/d", "/new/deeper"] {
            assert!(!leads_somewhere(pointer, &document), "{pointer}");
        }
    }
}
