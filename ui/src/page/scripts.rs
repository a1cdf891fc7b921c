//! The script index: searched as one types, with what each script says of itself.

use leptos::prelude::*;
use sparkq_core::Script;
use sparkq_core::wire::Tool;

use crate::client;
use crate::kit::{Icon, Notice, PageHead, ScriptFacts};
use crate::page::catalogue::{self, fetched};
use crate::page::fetched::Fetched;
use crate::route::{self, Place};
use crate::words::counted;

/// How many scripts are drawn; a longer list is for the search.
const DRAWN: usize = 200;

/// A header that the index reads.
const HEADER: &str = "#!/bin/sh
# name: Migrate the database
# description: Applies every pending migration.
# inputs: --target (string, required): the database to change
# outputs: build/migrations.log
# tags: db, migrations
# timeout: 900";

/// What was found, and for what.
#[derive(Clone, PartialEq)]
struct Found {
    question: String,
    scripts: Vec<Script>,
    /// How many there are.
    total: u64,
}

/// Shows the scripts in which all words are found.
#[component]
pub(crate) fn ScriptsPage() -> impl IntoView {
    let asked = route::asked_for("q");
    let question = Memo::new(move |_| asked.get().unwrap_or_default());
    let found = fetched(move || {
        let question = question.get();
        async move {
            let found = client::scripts::search(&question).await?;
            Ok(found.map(|list| Found {
                question,
                scripts: list.items,
                total: list.total,
            }))
        }
    });
    let tools = catalogue::tools();
    let tally = Signal::derive(move || {
        let total = found.value().read().as_ref().map(|found| found.total);
        total
            .map(|total| counted(total, "script"))
            .unwrap_or_default()
    });
    let draw = move || (move || found.value().get().map(|found| list(found, tools))).into_any();
    view! {
        <PageHead title="Scripts" tally/>
        {search(question)}
        {found.faces("the scripts", draw)}
    }
}

fn search(question: Memo<String>) -> AnyView {
    let typed = |text: String| {
        Place::here().replace(&route::with_query(route::SCRIPTS, &[("q", &text)]));
    };
    view! {
        <div class="form-field" role="search">
            <label class="unseen" for="search">"Search the scripts"</label>
            <input
                class="input"
                type="search"
                id="search"
                placeholder="Search path, name, description and tags"
                autocomplete="off"
                spellcheck="false"
                prop:value=question
                on:input:target=move |event| typed(event.target().value())
            />
        </div>
    }
    .into_any()
}

fn list(found: Found, tools: Fetched<Vec<Tool>>) -> AnyView {
    if found.scripts.is_empty() {
        return if found.question.trim().is_empty() {
            empty()
        } else {
            view! {
                <Notice icon=Icon::Search title=format!("No script is found for “{}”", found.question)>
                    <p><a href=route::SCRIPTS>"Show all scripts"</a></p>
                </Notice>
            }
            .into_any()
        };
    }
    let more = found.total > DRAWN as u64;
    let more = more.then(|| view! { <p class="tally">{format!("The first {DRAWN} of {}: search for the others.", found.total)}</p> });
    let scripts = found.scripts.into_iter().take(DRAWN);
    view! {
        <ul class="entries">{scripts.map(|script| entry(script, tools)).collect_view()}</ul>
        {more}
    }
    .into_any()
}

/// What there is to do where the index is empty.
fn empty() -> AnyView {
    let folders = fetched(client::scripts::folders);
    let named = move || {
        let folders = folders.value().get()?;
        let names = folders
            .into_iter()
            .map(|folder| view! { <li><code>{folder}</code></li> });
        Some(view! {
            <p>"These folders are looked at, as "<code>"scripts.dirs"</code>" in "<a href=route::SETTINGS>"sparkq.toml"</a>" names them:"</p>
            <ul class="folders">{names.collect_view()}</ul>
        })
    };
    view! {
        <Notice icon=Icon::Empty title="There is no script yet">
            {named}
            <p>"A script says what it is in the comment at its top:"</p>
            <pre><code>{HEADER}</code></pre>
        </Notice>
    }
    .into_any()
}

fn entry(script: Script, tools: Fetched<Vec<Tool>>) -> AnyView {
    let (path, name, language) = (
        script.path.clone(),
        script.name.clone(),
        script.language.clone(),
    );
    let payload = serde_json::json!({"script_path": path}).to_string();
    let enqueue = {
        let language = language.clone();
        move || {
            let tools = tools.value().read();
            let tool = tool_for(&language, tools.as_deref().unwrap_or_default())?;
            let address = route::enqueue(tool, "", &payload);
            Some(view! { <a class="button small" href=address>"Enqueue"</a> })
        }
    };
    let named =
        (!path.ends_with(&name)).then(|| view! { " "<span class="tool-title">{name}</span> });
    view! {
        <li class="entry" tabindex="-1" data-row data-script=path>
            <div class="entry-head">
                <h2><code>{path.clone()}</code>{named}</h2>
                <span class="mark">{language}</span>
                {enqueue}
            </div>
            <ScriptFacts script/>
        </li>
    }
    .into_any()
}

/// The tool that runs scripts of a language: SparkQ's own for shell and Python, else one of another plugin that takes a
/// script.
fn tool_for<'a>(language: &str, tools: &'a [Tool]) -> Option<&'a str> {
    let own = match language {
        "shell" => Some("run-bash"),
        "python" => Some("run-python"),
        _ => None,
    };
    let takes_script = |tool: &Tool| {
        let schema = tool.definition.payload_schema.as_str();
        !tool.built_in && schema.contains("\"script_path\"")
    };
    let is_it = |tool: &&Tool| match own {
        Some(own) => tool.definition.name == own,
        None => takes_script(tool),
    };
    let tool = tools.iter().find(is_it)?;
    Some(&tool.definition.name)
}
