//! The plugins: whether each can be used, what it may reach, and how it has failed.

mod card;
mod log;

use leptos::prelude::*;
use sparkq_core::wire::{EventKind, List, Plugin};

use super::fetched::Fetched;
use crate::client;
use crate::kit::{Command, Icon, Notice, PageHead};

/// Shows the plugins, live.
#[component]
pub(crate) fn PluginsPage() -> impl IntoView {
    let plugins = Fetched::follow(client::plugins::all, |event| {
        let kind = event.kind;
        kind == EventKind::ConfigReloaded || kind.as_str().starts_with("plugin.")
    });
    let tally = Signal::derive(move || {
        plugins
            .value()
            .with(|list| list.as_ref().map(tell).unwrap_or_default())
    });
    view! {
        <PageHead title="Plugins" tally/>
        {plugins.faces("the plugins", move || list(plugins))}
    }
}

fn tell(list: &List<Plugin>) -> String {
    let loaded = sparkq_core::wire::PluginState::Loaded;
    let (all, usable) = (
        list.items.len(),
        list.items
            .iter()
            .filter(|plugin| plugin.state == loaded)
            .count(),
    );
    if all == usable {
        format!("{all} loaded")
    } else {
        format!("{usable} of {all} loaded")
    }
}

/// Those that need a look stand first, then those that did not come with SparkQ.
fn order(plugin: &Plugin) -> (bool, bool, String) {
    let is_fine = plugin.state == sparkq_core::wire::PluginState::Loaded && plugin.faults.is_none();
    (is_fine, plugin.built_in, plugin.name.clone())
}

fn list(plugins: Fetched<List<Plugin>>) -> AnyView {
    let names = Memo::new(move |_| {
        plugins.value().with(|list| {
            let mut plugins: Vec<_> = list.iter().flat_map(|list| &list.items).collect();
            plugins.sort_by_key(|plugin| order(plugin));
            plugins
                .into_iter()
                .map(|plugin| plugin.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let is_empty = Memo::new(move |_| names.with(Vec::is_empty));
    let nothing = || {
        view! {
            <Notice icon=Icon::Empty title="No plugins">
                <p>"Tools come from plugins. Add one:"</p>
                <Command text="sparkq plugin add FILE"/>
            </Notice>
        }
    };
    view! {
        <Show when=move || !is_empty.get() fallback=nothing>
            <div class="plugins">
                <For each=move || names.get() key=Clone::clone children=move |name| card::draw(plugins, name)/>
            </div>
            <p class="faint">
                "Another one: "<code>"sparkq plugin add FILE"</code>", in a terminal, where you are asked for consent."
            </p>
        </Show>
    }
    .into_any()
}
