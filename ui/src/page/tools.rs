//! The tools: what each is for, what it takes, and how workers carry it out.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use sparkq_core::wire::{Document, Tool};

use crate::kit::{CopyButton, DocumentTree, Icon, Notice, PageHead, ToolFacts};
use crate::page::catalogue;
use crate::route;
use crate::words::counted;

/// Shows the tools of the project.
#[component]
pub(crate) fn ToolsPage() -> impl IntoView {
    let tools = catalogue::tools();
    let tally = Signal::derive(move || {
        let tools = tools.value();
        let count = tools.read().as_ref().map(Vec::len);
        count
            .map(|count| counted(count as u64, "tool"))
            .unwrap_or_default()
    });
    Effect::new(move |was_there: Option<bool>| {
        let is_there = tools.value().read().is_some();
        if is_there && was_there != Some(true) {
            show_marked();
        }
        is_there
    });
    let draw = move || (move || list(tools.value().get().unwrap_or_default())).into_any();
    view! {
        <PageHead title="Tools" tally/>
        {tools.faces("the tools", draw)}
    }
}

/// The tools by their plugins, in the order these come in.
fn list(tools: Vec<Tool>) -> AnyView {
    if tools.is_empty() {
        return view! {
            <Notice icon=Icon::Empty title="There is no tool">
                <p>"No plugin could be loaded: "<a href=route::PLUGINS>"see why"</a></p>
            </Notice>
        }
        .into_any();
    }
    let mut plugins: Vec<(String, Vec<Tool>)> = Vec::new();
    for tool in tools {
        let plugin = tool.plugin_name().to_owned();
        match plugins.iter_mut().find(|(name, _)| *name == plugin) {
            Some((_, tools)) => tools.push(tool),
            None => plugins.push((plugin, vec![tool])),
        }
    }
    plugins.into_iter().map(of_plugin).collect_view().into_any()
}

/// Shows the tool that the address asks for, once it is drawn.
fn show_marked() {
    request_animation_frame(|| {
        let marked = route::mark().and_then(|name| document().get_element_by_id(&name));
        if let Some(tool) = marked.and_then(|tool| tool.dyn_into::<HtmlElement>().ok()) {
            tool.scroll_into_view();
            // It can have the focus, so that the keyboard goes on from there.
            let _ = tool.focus();
        }
    });
}

fn of_plugin((plugin, tools): (String, Vec<Tool>)) -> AnyView {
    let built_in = tools.iter().all(|tool| tool.built_in);
    let whose = if built_in {
        "came with SparkQ"
    } else {
        "did not come with SparkQ"
    };
    view! {
        <section class="panel" data-plugin=plugin>
            <div class="panel-head">
                <h2>"Plugin "{plugin.clone()}</h2>
                <span class="tally">{whose}</span>
            </div>
            <ul class="entries">{tools.into_iter().map(entry).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn entry(tool: Tool) -> AnyView {
    let definition = tool.definition.clone();
    let name = definition.name.clone();
    let (schema, result) = (
        definition.payload_schema.clone(),
        definition.result_schema.clone(),
    );
    let guide = definition.guide_for_workers(tool.plugin_name(), tool.built_in);
    let example = {
        let name = name.clone();
        move |example: sparkq_core::tool::Example| {
            let payload = example.payload.as_str().to_owned();
            view! {
                <li class="example">
                    <a href=route::enqueue(&name, "", &payload) data-example=example.title.clone()>{example.title.clone()}</a>
                    <code>{payload}</code>
                </li>
            }
        }
    };
    view! {
        <li class="entry" tabindex="-1" data-row id=name.clone() data-tool=name.clone()>
            <div class="entry-head">
                <h3><code>{name.clone()}</code>" "<span class="tool-title">{definition.title}</span></h3>
                <a class="button small" href=route::enqueue(&name, "", "")>"Enqueue"</a>
            </div>
            <div class="entry-columns">
                <ToolFacts tool/>
                <div>
                    <h4>"Enqueue like this"</h4>
                    <ul class="examples">{definition.examples.into_iter().map(example).collect_view()}</ul>
                </div>
            </div>
            {folded("What it takes", move || tree(&schema))}
            {result.map(|schema| folded("What comes of it", move || tree(&schema)))}
            {(!guide.trim().is_empty()).then(|| folded("How workers carry it out", move || text(&guide)))}
        </li>
    }
    .into_any()
}

/// What is drawn when it is asked for.
fn folded(title: &'static str, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let open = RwSignal::new(false);
    view! {
        <details on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{title}</summary>
            {move || open.get().then(&draw)}
        </details>
    }
    .into_any()
}

fn tree(schema: &Document) -> AnyView {
    let json = schema.as_str().to_owned();
    view! { <div class="folded"><DocumentTree title="Schema" json/></div> }.into_any()
}

fn text(guide: &str) -> AnyView {
    let (text, copied) = (guide.to_owned(), guide.to_owned());
    view! {
        <div class="folded">
            <CopyButton text=Signal::stored(copied) what="the guide"/>
            <pre tabindex="0" role="region" aria-label="Guide"><code>{text}</code></pre>
        </div>
    }
    .into_any()
}
