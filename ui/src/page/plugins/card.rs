//! One plugin. What it says of itself stands apart from what SparkQ knows of it.

use leptos::prelude::*;
use sparkq_core::wire::{List, Plugin, PluginFaults, PluginState};

use super::log;
use crate::kit::{Ago, Command, CopyButton, Glyph, Icon, spell_local};
use crate::page::fetched::Fetched;
use crate::route;
use crate::words::counted;

/// Draws the plugin `name`.
pub(super) fn draw(plugins: Fetched<List<Plugin>>, name: String) -> AnyView {
    let wanted = name.clone();
    let plugin = Memo::new(move |before: Option<&Option<Plugin>>| {
        let found = plugins.value().with(|list| {
            let mut plugins = list.iter().flat_map(|list| &list.items);
            plugins.find(|plugin| plugin.name == wanted).cloned()
        });
        // One that is about to go shows what it showed.
        found.or_else(|| before.cloned().flatten())
    });
    let state = Memo::new(move |_| plugin.read().as_ref().map(|plugin| plugin.state.as_str()));
    let label = name.clone();
    let log = log::panel(name);
    view! {
        <article class="plugin" data-plugin=label.clone() data-state=state aria-label=label>
            {move || plugin.get().map(facts)}
            {log}
        </article>
    }
    .into_any()
}

fn facts(plugin: Plugin) -> AnyView {
    let (tone, icon, word) = state(plugin.state);
    let origin = if plugin.built_in {
        "came with SparkQ"
    } else {
        "of others"
    };
    let version = plugin
        .version
        .clone()
        .map(|version| format!("version {version}"));
    let path = plugin
        .path
        .clone()
        .map(|path| view! { <code>{path}</code> });
    view! {
        <div class="plugin-head">
            <h2>{plugin.name.clone()}</h2>
            <span class="badge" data-tone=tone><Glyph icon/>{word}</span>
            <span class="faint">{origin}</span>
        </div>
        {trouble(&plugin)}
        <p class="plugin-facts">
            {version}
            {digest(&plugin.digest)}
            {path}
            {words(&plugin)}
        </p>
        {tools(plugin.tools)}
        {access(&plugin.needs, &plugin.grants, plugin.built_in)}
    }
    .into_any()
}

/// The tone, the shape and the word of a state.
const fn state(state: PluginState) -> (&'static str, Icon, &'static str) {
    match state {
        PluginState::Loaded => ("succeeded", Icon::Succeeded, "loaded"),
        PluginState::NotApproved => ("stale", Icon::Warning, "not approved"),
        PluginState::Broken => ("failed", Icon::Failed, "broken"),
        PluginState::Quarantined => ("failed", Icon::Warning, "left alone"),
    }
}

/// Why its tools cannot be used, how its calls failed, and what helps.
fn trouble(plugin: &Plugin) -> Option<AnyView> {
    let (why, hint) = (plugin.why.clone(), plugin.hint.clone());
    let faults = plugin.faults.clone();
    if why.is_none() && hint.is_none() && faults.is_none() {
        return None;
    }
    // Why it is left alone is its last fault.
    let fault = why
        .is_none()
        .then(|| faults.as_ref().map(|faults| faults.fault.clone()));
    let tone = state(plugin.state).0;
    let tone = if tone == "succeeded" { "stale" } else { tone };
    Some(
        view! {
            <div class="plugin-trouble" data-tone=tone>
                {why.or(fault.flatten()).map(|why| view! { <p>{why}</p> })}
                {faults.map(counted_faults)}
                {hint.map(helps)}
            </div>
        }
        .into_any(),
    )
}

/// What helps: a command to copy, or a sentence with some in it.
fn helps(hint: String) -> AnyView {
    if hint.starts_with("sparkq ") {
        view! { <Command text=hint/> }.into_any()
    } else {
        view! { <p><code>{hint}</code></p> }.into_any()
    }
}

/// How often it has failed since it last went well, and until when it is left alone.
fn counted_faults(faults: PluginFaults) -> AnyView {
    let until = faults.until.map(|until| {
        let exact = until.to_string();
        view! { <span>". Left alone until "<time datetime=exact title=until.to_string()>{spell_local(until)}</time></span> }
    });
    view! {
        <p>
            <b>{format!("{} in a row", counted(faults.in_row.into(), "fault"))}</b>
            {format!(", the last one [{}] ", faults.kind)}
            <Ago at=faults.at/>
            {until}
            "."
        </p>
    }
    .into_any()
}

fn digest(digest: &str) -> AnyView {
    let short = digest.get(..12).unwrap_or(digest).to_owned();
    view! {
        <span class="digest">
            <code title=format!("SHA-256 {digest}")>{short}</code>
            <CopyButton text=digest.to_owned() what="the digest"/>
        </span>
    }
    .into_any()
}

/// Homepage and licence, which are the plugin's own words.
fn words(plugin: &Plugin) -> Option<AnyView> {
    if plugin.homepage.is_none() && plugin.license.is_none() {
        return None;
    }
    let homepage = plugin.homepage.clone().map(|address| {
        if is_web(&address) {
            let href = address.clone();
            view! { <a href=href rel="noreferrer" target="_blank">{address}</a> }.into_any()
        } else {
            address.into_any()
        }
    });
    let license = plugin
        .license
        .clone()
        .map(|license| format!("licence {license}"));
    let whose = (!plugin.built_in).then_some("it says of itself:");
    Some(
        view! { <span class="own-words">{whose}<span>{license}</span>{homepage}</span> }.into_any(),
    )
}

/// Whether an address leads to the web.
fn is_web(address: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

fn tools(tools: Vec<String>) -> AnyView {
    if tools.is_empty() {
        return view! { <p class="faint">"It has no tools that can be used."</p> }.into_any();
    }
    let tool = |tool: String| {
        let address = route::tool(&tool);
        view! { <li><a href=address>{tool}</a></li> }
    };
    view! {
        <div class="plugin-list">
            <h3>"Tools"</h3>
            <ul class="row">{tools.into_iter().map(tool).collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// What it asks for beside what it is granted.
fn access(needs: &[sparkq_core::Need], grants: &[String], built_in: bool) -> AnyView {
    let need = |need: &sparkq_core::Need| {
        let is_granted = grants.contains(&need.grant);
        let (tone, icon, word) = match (is_granted, need.optional) {
            (true, _) => ("succeeded", Icon::Succeeded, "granted"),
            (false, true) => ("queued", Icon::Failed, "not granted, works without"),
            (false, false) => ("stale", Icon::Warning, "asked for, not granted"),
        };
        let whose = if built_in { "" } else { "it says: " };
        let why = (!need.why.is_empty()).then(|| format!("{whose}“{}”", need.why));
        view! {
            <li>
                <code>{need.grant.clone()}</code>
                <span class="access-word" data-tone=tone><Glyph icon/>{word}</span>
                <span class="own-words">{why}</span>
            </li>
        }
        .into_any()
    };
    let is_asked = |grant: &&String| needs.iter().any(|need| need.grant == **grant);
    let unasked = grants.iter().filter(|grant| !is_asked(grant)).map(|grant| {
        view! {
            <li>
                <code>{grant.clone()}</code>
                <span class="access-word" data-tone="stale"><Glyph icon=Icon::Warning/>"granted, never asked for"</span>
            </li>
        }
        .into_any()
    });
    let mut rows: Vec<_> = needs.iter().map(need).collect();
    rows.extend(unasked);
    if rows.is_empty() {
        return view! { <p class="faint">"It reaches no files and no variables."</p> }.into_any();
    }
    view! { <div class="plugin-list"><h3>"Access"</h3><ul class="access">{rows}</ul></div> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_web;

    #[test]
    fn a_homepage_is_a_link_when_it_leads_to_the_web_alone() {
        assert!(is_web("https://example.org") && is_web("HTTP://example.org"));
        for address in [
            "javascript:alert(1)",
            "data:text/html,x",
            "example.org",
            "",
            "é",
        ] {
            assert!(!is_web(address), "{address}");
        }
    }
}
