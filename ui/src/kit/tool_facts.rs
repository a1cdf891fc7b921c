//! What a tool is: its words, its limits, and whose they are.

use leptos::prelude::*;
use sparkq_core::wire::Tool;

use super::coded::coded;
use super::moment::spell_limit;
use super::{Glyph, Icon};

/// Shows a tool's name and title in a line, and its limits below.
#[component]
pub(crate) fn ToolLine(tool: Tool) -> impl IntoView {
    let limits = limits(&tool);
    view! {
        <span class="tool-line">
            <code class="tool-name">{tool.definition.name.clone()}</code>
            <span class="tool-title">{tool.definition.title.clone()}</span>
            {whose(&tool)}
        </span>
        <span class="tally">{limits}</span>
    }
}

/// Shows what a tool says of itself, and which limits hold for it.
#[component]
pub(crate) fn ToolFacts(tool: Tool) -> impl IntoView {
    let limits = limits(&tool);
    let alias = tool
        .uses
        .clone()
        .map(|uses| format!("Another name for {uses}. "));
    view! {
        <div class="tool-facts">
            <p class="tool-said">{alias}{coded(&tool.definition.description)}</p>
            <p class="row tally">
                <span>{limits}</span>
                {marks(&tool)}
                {whose(&tool)}
            </p>
        </div>
    }
}

/// The class and the timeout that hold for its tasks.
fn limits(tool: &Tool) -> String {
    let timeout = tool
        .definition
        .timeout
        .map(|timeout| spell_limit(timeout.seconds()));
    let class = tool.definition.task_class.to_string();
    [Some(class), timeout]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Whose words these are: nothing for a plugin that came with SparkQ.
fn whose(tool: &Tool) -> AnyView {
    let plugin = tool.other_plugin().map(str::to_owned);
    plugin
        .map(|plugin| view! { <span class="mark" data-tone="stale"><Glyph icon=Icon::Warning/>"in the words of plugin "{plugin}</span> })
        .into_any()
}

/// What running it does to the world.
fn marks(tool: &Tool) -> AnyView {
    let hints = tool.definition.hints;
    let marks = [
        (hints.read_only, "changes nothing"),
        (hints.destructive, "may overwrite"),
        (hints.idempotent, "may run twice"),
        (hints.open_world, "reaches outside"),
    ];
    let marks = marks.into_iter().filter(|(holds, _)| *holds);
    marks
        .map(|(_, word)| view! { <span class="mark">{word}</span> })
        .collect_view()
        .into_any()
}
