//! Findings at one place: a word, an icon and a colour for how much each matters, and the way out where there is one.

use leptos::prelude::*;
use serde_json::Value;
use sparkq_core::wire::Document;
use sparkq_core::{Issue, Severity};

use super::coded::coded;
use super::{Glyph, Icon, seen};

/// Lists `issues`. Where one suggests a value, a button hands it to `on_use`.
#[component]
pub(crate) fn IssueList(
    #[prop(into)] id: String,
    issues: Memo<Vec<Issue>>,
    on_use: Callback<Issue>,
) -> impl IntoView {
    let draw = move |issue: Issue| {
        let (tone, icon, word) = spell(issue.severity);
        let suggestion = issue.suggestion.as_ref().map(spell_suggestion);
        let message = coded(&issue.message);
        let button = suggestion.map(|suggestion| {
            view! {
                <button type="button" class="button small" on:click=move |_| on_use.run(issue.clone())>
                    "Use "<code>{seen(&suggestion)}</code>
                </button>
            }
        });
        view! {
            <li class="issue" data-tone=tone data-issue=word>
                <Glyph icon/>
                <span><strong>{word}</strong>" "{message}</span>
                {button}
            </li>
        }
    };
    view! {
        <ul class="issues" id=id aria-live="polite">
            {move || issues.get().into_iter().map(draw).collect_view()}
        </ul>
    }
}

/// A finding that says itself where it is.
pub(crate) fn with_place(mut issue: Issue) -> Issue {
    if !issue.pointer.is_empty() {
        issue.message = format!("`{}` {}", issue.pointer, issue.message);
    }
    issue
}

/// Whether something must be changed.
pub(crate) fn has_errors(issues: &[Issue]) -> bool {
    issues.iter().any(|issue| issue.severity == Severity::Error)
}

/// How a finding looks: its tone, its icon and its word.
pub(super) const fn spell(severity: Severity) -> (&'static str, Icon, &'static str) {
    match severity {
        Severity::Error => ("failed", Icon::Failed, "Error"),
        Severity::Warning => ("stale", Icon::Warning, "Warning"),
        Severity::Hint => ("queued", Icon::Onward, "Hint"),
    }
}

/// The value to use: a text as it is, anything else as JSON.
fn spell_suggestion(document: &Document) -> String {
    match document.value() {
        Value::String(text) => text,
        _ => document.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_suggested_text_is_shown_as_it_would_be_typed() {
        assert_eq!(
            spell_suggestion(&json!("scripts/a.sh").into()),
            "scripts/a.sh"
        );
        assert_eq!(spell_suggestion(&json!([1]).into()), "[1]");
    }
}
