//! A JSON document as a tree, to be unfolded where one wants to know more. What is folded is not in the document.

mod scan;
mod text;

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;

pub(crate) use self::scan::pretty;
use self::scan::{Child, Kind, children, group_size, kind, whole};
use self::text::draw_text;
use super::{Console, CopyButton, Glyph, Icon, seen_text};
use crate::words::counted;

/// A value whose text is no longer than this is unfolded from the start, in bytes.
const SMALL: usize = 800;

/// What is longer is shown on a console, in bytes.
const LARGE: usize = 32 << 10;

/// Shows a document under its title, as a tree or as its text.
#[component]
pub(crate) fn DocumentTree(title: &'static str, #[prop(into)] json: Arc<str>) -> impl IntoView {
    let raw = RwSignal::new(false);
    let json = StoredValue::new(json);
    let choice = move |name: &'static str, is_raw: bool| {
        let pressed = move || (raw.get() == is_raw).to_string();
        view! { <button class="button small" aria-pressed=pressed on:click=move |_| raw.set(is_raw)>{name}</button> }
    };
    let body = move || {
        let json = json.get_value();
        if raw.get() {
            draw_raw(title, &json)
        } else {
            draw_tree(title, json)
        }
    };
    view! {
        <section class="panel" aria-label=title>
            <div class="console-head">
                <h2>{title}</h2>
                <div class="console-tools">
                    {choice("Tree", false)}
                    {choice("Raw", true)}
                    <CopyButton text=Signal::derive(move || json.get_value().to_string()) what=title.to_ascii_lowercase()/>
                </div>
            </div>
            {body}
        </section>
    }
}

fn draw_raw(title: &'static str, json: &str) -> AnyView {
    let text = pretty(json);
    if text.len() > LARGE {
        return view! { <Console title text file=format!("{}.json", title.to_ascii_lowercase())/> }
            .into_any();
    }
    view! { <pre class="frame tree-raw" tabindex="0" role="group" aria-label=format!("Text of {title}")>{text}</pre> }
        .into_any()
}

fn draw_tree(title: &'static str, json: Arc<str>) -> AnyView {
    let all = whole(&json);
    let level = match kind(&json, all.start) {
        Kind::Object | Kind::Array => draw_level(&json, children(&json, all), 0, true),
        _ => view! { <li class="tree-item">{draw_leaf(&json, all)}</li> }.into_any(),
    };
    view! { <ul class="tree frame" aria-label=title>{level}</ul> }.into_any()
}

/// Draws fields or items, by the hundred when there are more. `before` counts those that come before them.
fn draw_level(json: &Arc<str>, items: Vec<Child>, before: usize, is_first: bool) -> AnyView {
    if items.is_empty() {
        return view! { <li class="tree-item tree-none">"nothing"</li> }.into_any();
    }
    let size = group_size(items.len());
    if size == 1 {
        let few = items.len() <= 20;
        let items = items.into_iter().enumerate();
        let items = items.map(|(number, child)| draw_child(json, child, before + number, few));
        return items.collect_view().into_any();
    }
    let groups = items.chunks(size).enumerate();
    let groups = groups.map(|(number, group)| {
        let (json, group) = (json.clone(), group.to_vec());
        let first = before + number * size;
        let name = format!("{first} … {}", first + group.len() - 1);
        let open = is_first && number == 0;
        let inside = move || draw_level(&json, group.clone(), first, open);
        draw_fold(name, String::new(), open, inside)
    });
    groups.collect_view().into_any()
}

fn draw_child(json: &Arc<str>, child: Child, number: usize, few: bool) -> AnyView {
    let name = child.key.map_or_else(
        || number.to_string(),
        |key| seen_text(&scan::text(json, key)),
    );
    let value = child.value;
    let hint = match kind(json, value.start) {
        Kind::Object => "{…}",
        Kind::Array => "[…]",
        _ => {
            let leaf = draw_leaf(json, value);
            return view! { <li class="tree-item"><span class="tree-key">{name}</span>{leaf}</li> }
                .into_any();
        }
    };
    let found = children(json, value.clone());
    if found.is_empty() {
        let nothing = hint.replace('…', "");
        return view! { <li class="tree-item"><span class="tree-key">{name}</span><span class="tree-hint">{nothing}</span></li> }
            .into_any();
    }
    let hint = match (found.len(), hint) {
        _ if value.len() <= 60 => seen_text(&json[value.clone()]),
        (count, "[…]") => format!("[…] {}", counted(count as u64, "item")),
        (count, _) => format!("{{…}} {}", counted(count as u64, "field")),
    };
    let open = few && value.len() <= SMALL;
    let json = json.clone();
    draw_fold(name, hint, open, move || {
        draw_level(&json, found.clone(), 0, true)
    })
}

/// Draws what can be unfolded. `inside` is asked for what is in it each time it is.
fn draw_fold(
    name: String,
    hint: String,
    open: bool,
    inside: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let open = RwSignal::new(open);
    view! {
        <li>
            <button
                type="button"
                class="tree-fold"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Glyph icon=Icon::Onward/>
                <span class="tree-key">{name}</span>
                <span class="tree-hint">{hint}</span>
            </button>
            {move || open.get().then(|| view! { <ul>{inside()}</ul> })}
        </li>
    }
    .into_any()
}

fn draw_leaf(json: &str, of: Range<usize>) -> AnyView {
    let class = match kind(json, of.start) {
        Kind::Text => return draw_text(scan::text(json, of)),
        Kind::Number => "tree-number",
        _ => "tree-word",
    };
    view! { <span class=class>{json[of].to_owned()}</span> }.into_any()
}
