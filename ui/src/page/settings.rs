//! What is configured, where each value comes from, and how this page looks.

mod theme;
mod values;

use leptos::prelude::*;
use sparkq_core::wire::{Configuration, EventKind, Overview, Reloaded};

use super::attempt::Attempt;
use super::fetched::Fetched;
use crate::client;
use crate::kit::{CopyButton, Glyph, Icon, PageHead};
use crate::words::counted;

/// Shows the settings, live.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let settings = Fetched::follow(client::plugins::configuration, |event| {
        event.kind == EventKind::ConfigReloaded
    });
    let overview = Fetched::follow(client::queue::overview, |event| {
        event.kind == EventKind::ConfigReloaded
    });
    let reload = Attempt::told_in_form();
    let came = RwSignal::new(None::<Reloaded>);
    let start = move |_| {
        came.set(None);
        reload.start(client::queue::reload(), move |answer| {
            came.set(Some(answer));
            settings.soon();
        });
    };
    let told = move || {
        settings.value().with(|held| {
            let told = held.as_ref().map(|held| held.warnings.clone());
            told.unwrap_or_default()
        })
    };
    view! {
        <div>
            <PageHead title="Settings">
                <button
                    class="button primary"
                    title="Reads sparkq.toml, plugins and script folders anew"
                    disabled=move || reload.is_busy()
                    on:click=start
                >
                    <Glyph icon=Icon::Again/>
                    {move || if reload.is_busy() { "Reloading…" } else { "Reload" }}
                </button>
            </PageHead>
            {reload.told()}
            <div role="status">{move || came.get().map(|came| reloaded(came, &told()))}</div>
            {move || warnings(told())}
        </div>
        <div class="settings-pair">
            {theme::panel()}
            {overview.faces("the server", move || server(overview))}
        </div>
        {settings.faces("the settings", move || configured(settings))}
    }
}

/// What came of a reload, but for the warnings that stand on the page anyway.
fn reloaded(came: Reloaded, told: &[String]) -> AnyView {
    let mut others = came.warnings;
    others.retain(|warning| !told.contains(warning));
    let tools = counted(came.tools as u64, "tool");
    let scripts = counted(came.scripts as u64, "script");
    view! {
        <p class="reloaded" data-tone="succeeded">
            <Glyph icon=Icon::Succeeded/>
            {format!("Read anew: {tools}, {scripts}.")}
        </p>
        {warnings(others)}
    }
    .into_any()
}

fn warnings(warnings: Vec<String>) -> AnyView {
    if warnings.is_empty() {
        return ().into_any();
    }
    let item = |warning: String| view! { <li><Glyph icon=Icon::Warning/>{warning}</li> };
    view! {
        <ul class="warnings" data-tone="stale" aria-label="Warnings">
            {warnings.into_iter().map(item).collect_view()}
        </ul>
    }
    .into_any()
}

fn configured(settings: Fetched<Configuration>) -> AnyView {
    let configuration = Memo::new(move |before: Option<&Option<Configuration>>| {
        let now = settings.value().get();
        now.or_else(|| before.cloned().flatten())
    });
    let draw = |Configuration { file, items, .. }: Configuration| {
        view! {
            <section class="panel">
                <div class="panel-head">
                    <h2>"sparkq.toml"</h2>
                    <span class="config-file"><code>{file.clone()}</code><CopyButton text=file.clone() what="the path"/></span>
                </div>
                {values::table(&file, items)}
            </section>
        }
    };
    (move || configuration.get().map(draw)).into_any()
}

fn server(overview: Fetched<Overview>) -> AnyView {
    let draw = |overview: Overview| {
        let server = overview.server;
        let address = server.as_ref().and_then(|server| server.address.clone());
        let pid = server.and_then(|server| server.pid);
        let fact = |word: &'static str, value: Option<String>| {
            value.map(|value| view! { <div><dt>{word}</dt><dd>{value}</dd></div> })
        };
        view! {
            <dl class="server-facts">
                {fact("Project", Some(overview.project))}
                {fact("Version", Some(overview.version))}
                {fact("Address", address)}
                {fact("Process", pid.map(|pid| pid.to_string()))}
            </dl>
            <p class="row">
                <a href="/api/docs" rel="external" target="_blank">"The API's reference"</a>
            </p>
        }
    };
    view! {
        <section class="panel" aria-label="Server">
            <div class="panel-head"><h2>"Server"</h2></div>
            <div class="frame padded">{move || overview.value().get().map(draw)}</div>
        </section>
    }
    .into_any()
}
