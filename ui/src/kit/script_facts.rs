//! What a script says of itself: what it does, what it takes and leaves behind, and what is wrong with that.

use leptos::prelude::*;
use sparkq_core::Script;
use sparkq_core::script::Param;

use super::Glyph;
use super::coded::coded;
use super::issues::spell;
use super::moment::spell_limit;
use super::seen;

/// Shows the facts of one script, below its path.
#[component]
pub(crate) fn ScriptFacts(script: Script) -> impl IntoView {
    let limits = [
        script.task_class.as_ref().map(ToString::to_string),
        script.timeout.map(|timeout| spell_limit(timeout.seconds())),
    ];
    let limits: Vec<_> = limits.into_iter().flatten().collect();
    let is_silent = script.description.is_empty()
        && limits.is_empty()
        && [&script.tags, &script.outputs]
            .iter()
            .all(|said| said.is_empty())
        && script.params.is_empty()
        && script.findings.is_empty();
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{seen(&value)}</dd></div> })
    };
    let findings = script.findings.into_iter().map(|finding| {
        let (tone, icon, word) = spell(finding.severity);
        let line = (finding.line > 0).then(|| format!(" in line {}", finding.line));
        view! {
            <li class="issue" data-tone=tone>
                <Glyph icon/>
                <span><strong>{word}{line}</strong>" "{coded(&finding.message)}</span>
            </li>
        }
    });
    view! {
        <div class="script-facts">
            {is_silent.then(|| view! { <p class="param-kind">"Its header says nothing of it."</p> })}
            {(!script.description.is_empty()).then(|| view! { <p>{coded(&script.description)}</p> })}
            <dl class="facts">
                {fact("Timeout", limits.join(" · "))}
                {fact("Tags", script.tags.join(" · "))}
                {fact("Leaves behind", script.outputs.join(" · "))}
            </dl>
            {(!script.params.is_empty()).then(|| view! {
                <dl class="params" aria-label="What it takes">
                    {script.params.into_iter().map(param).collect_view()}
                </dl>
            })}
            <ul class="issues">{findings.collect_view()}</ul>
        </div>
    }
}

fn param(param: Param) -> AnyView {
    let need = match (param.required, param.default_value) {
        (true, _) => "required".to_owned(),
        (false, Some(default)) => format!("{default} when left out"),
        (false, None) => "optional".to_owned(),
    };
    view! {
        <div>
            <dt><code>{seen(&param.name)}</code></dt>
            <dd><span class="param-kind">{param.kind}", "{need}</span>" "{coded(&param.description)}</dd>
        </div>
    }
    .into_any()
}
