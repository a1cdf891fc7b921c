//! A text within a document: on its line when it is short, as a block when it has lines, folded when it is long.

use leptos::prelude::*;

use crate::kit::{Console, seen};

/// How many lines are shown of a text that has more.
const LINES: usize = 12;

/// How many bytes are shown of a text that has more.
const BYTES: usize = 600;

/// What is longer is unfolded onto a console, in bytes.
const LARGE: usize = 32 << 10;

/// Draws a text.
pub(super) fn draw_text(text: String) -> AnyView {
    let class = if text.contains('\n') {
        "tree-text tree-block"
    } else {
        "tree-text"
    };
    if text.is_empty() {
        return view! { <span class="tree-hint">"empty text"</span> }.into_any();
    }
    let beginning = beginning(&text);
    if beginning.len() == text.len() {
        return view! { <span class=class>{seen(&text)}</span> }.into_any();
    }
    let more = spell_more(&text, beginning);
    let beginning = format!("{beginning}…");
    let open = RwSignal::new(false);
    let shown = move || {
        if !open.get() {
            return view! { <span class=class>{seen(&beginning)}</span> }.into_any();
        }
        if text.len() > LARGE {
            return view! { <Console title="Text" text=text.clone() file="text.txt"/> }.into_any();
        }
        view! { <span class=class>{seen(&text)}</span> }.into_any()
    };
    view! {
        <span class="tree-folded">
            {shown}
            <button class="button small" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                {move || if open.get() { "Show less".to_owned() } else { more.clone() }}
            </button>
        </span>
    }
    .into_any()
}

/// As much of a text as is shown at first.
fn beginning(text: &str) -> &str {
    let lines = text.match_indices('\n').nth(LINES - 1);
    let end = lines.map_or(text.len(), |(end, _)| end).min(BYTES);
    // Not for the sake of a few letters.
    if end + BYTES / 4 >= text.len() && lines.is_none() {
        return text;
    }
    &text[..text.floor_char_boundary(end)]
}

fn spell_more(text: &str, beginning: &str) -> String {
    match text.lines().count() {
        1 => format!("Show all {} letters", text.chars().count()),
        lines if beginning.len() < text.len() => format!("Show all {lines} lines"),
        _ => "Show all".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_begin_with_some_lines_or_letters() {
        assert_eq!(beginning("short\ntext"), "short\ntext");
        let lines = "line\n".repeat(40);
        assert_eq!(beginning(&lines).lines().count(), LINES);
        assert_eq!(spell_more(&lines, beginning(&lines)), "Show all 40 lines");
        let word = "é".repeat(1000);
        assert_eq!(beginning(&word).len(), BYTES);
        assert_eq!(spell_more(&word, beginning(&word)), "Show all 1000 letters");
    }
}
