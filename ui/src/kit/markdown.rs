//! Markdown, drawn as elements: what is in it reaches the document as text alone.

mod tree;

use std::collections::HashMap;

use leptos::prelude::*;

use self::tree::{Kind, Node};
use super::{CopyButton, seen, seen_text};

/// Draws Markdown, and draws anew only the blocks of it that changed.
#[component]
pub(crate) fn Markdown(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let blocks = Memo::new(move |_| numbered(tree::read(&text.read())));
    view! {
        <div class="markdown">
            <For each=move || blocks.get() key=Clone::clone children=|(block, _)| draw(block)/>
        </div>
    }
}

/// The words of Markdown in one line.
pub(crate) fn words(text: &str) -> String {
    seen_text(&tree::lines(&tree::read(text)).join(" · "))
}

/// Numbers the blocks that are the same, so that each can be told from the others.
fn numbered(blocks: Vec<Node>) -> Vec<(Node, u32)> {
    let mut seen = HashMap::new();
    let number = |block: Node| {
        let count = seen.entry(block.clone()).or_insert(0);
        *count += 1;
        (block, *count)
    };
    blocks.into_iter().map(number).collect()
}

fn draw(node: Node) -> AnyView {
    match node {
        Node::Text(text) => seen(&text),
        Node::Code(text) => view! { <code>{seen(&text)}</code> }.into_any(),
        Node::Raw(text) => view! { <p class="raw">{seen(&text)}</p> }.into_any(),
        Node::Break => view! { <br/> }.into_any(),
        Node::Rule => view! { <hr/> }.into_any(),
        Node::Fence { language, text } => fence(language, text),
        Node::Box { ticked } => {
            let (sign, word) = if ticked {
                ("☑", "done")
            } else {
                ("☐", "to do")
            };
            view! { <span class="tick" role="img" aria-label=word>{sign}</span>" " }.into_any()
        }
        Node::Element(kind, inside) => element(kind, inside),
    }
}

fn all(nodes: Vec<Node>) -> Vec<AnyView> {
    nodes.into_iter().map(draw).collect()
}

fn element(kind: Kind, nodes: Vec<Node>) -> AnyView {
    if kind == Kind::Table {
        return table(nodes);
    }
    let inside = all(nodes);
    match kind {
        // The page's own headings stand above those of a text.
        Kind::Heading(1) => view! { <h3>{inside}</h3> }.into_any(),
        Kind::Heading(2) => view! { <h4>{inside}</h4> }.into_any(),
        Kind::Heading(3) => view! { <h5>{inside}</h5> }.into_any(),
        Kind::Heading(_) => view! { <h6>{inside}</h6> }.into_any(),
        Kind::Quote => view! { <blockquote>{inside}</blockquote> }.into_any(),
        Kind::Bullets => view! { <ul>{inside}</ul> }.into_any(),
        Kind::Numbers(first) => view! { <ol start=first.to_string()>{inside}</ol> }.into_any(),
        Kind::Item => view! { <li>{inside}</li> }.into_any(),
        Kind::Emphasis => view! { <em>{inside}</em> }.into_any(),
        Kind::Strong => view! { <strong>{inside}</strong> }.into_any(),
        Kind::Struck => view! { <s>{inside}</s> }.into_any(),
        Kind::Link(address) => link(address, inside),
        Kind::Named(address) => view! { {inside}" ("<code>{seen(&address)}</code>")" }.into_any(),
        Kind::Cell => view! { <td>{inside}</td> }.into_any(),
        Kind::Row | Kind::Head => view! { <tr>{inside}</tr> }.into_any(),
        Kind::Paragraph | Kind::Table => view! { <p>{inside}</p> }.into_any(),
    }
}

/// A link, which leaves this page where it is when it leads elsewhere.
fn link(address: String, inside: Vec<AnyView>) -> AnyView {
    let is_elsewhere = !address.starts_with('/') || address.starts_with("//");
    view! {
        <a href=address rel=is_elsewhere.then_some("noreferrer") target=is_elsewhere.then_some("_blank")>
            {inside}
        </a>
    }
    .into_any()
}

fn fence(language: String, text: String) -> AnyView {
    view! {
        <div class="fence">
            <pre tabindex="0" data-language=language><code>{seen(&text)}</code></pre>
            <CopyButton text what="the code"/>
        </div>
    }
    .into_any()
}

fn table(rows: Vec<Node>) -> AnyView {
    let row = |row: Node| match row {
        Node::Element(Kind::Head, cells) => {
            let cell = |cell: Node| match cell {
                Node::Element(_, inside) => view! { <th scope="col">{all(inside)}</th> }.into_any(),
                other => draw(other),
            };
            view! { <tr>{cells.into_iter().map(cell).collect_view()}</tr> }.into_any()
        }
        other => draw(other),
    };
    view! {
        <div class="markdown-table" tabindex="0">
            <table><tbody>{rows.into_iter().map(row).collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}
