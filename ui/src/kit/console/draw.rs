//! Draws a row: text nodes, and around those that look otherwise an element that says how.

use leptos::prelude::*;

use super::ansi::Piece;
use super::rows::Row;
use super::search::{Part, cut};
use super::style::{Colour, Style};

/// Draws a row, with what was looked for marked; `current` is the place one stands at, as row and number within it.
pub(super) fn draw_row(row: Row, needle: &[char], current: Option<(usize, usize)>) -> AnyView {
    let here = current.filter(|(place, _)| *place == row.place);
    let here = here.map(|(_, number)| number);
    let parts = cut(row.pieces, needle).into_iter();
    let parts = parts.map(|part| draw_part(part, here));
    view! {
        <div class="console-row" data-place=row.place.to_string() data-line=row.line.map(|line| line.to_string())>
            {parts.collect_view()}
        </div>
    }
    .into_any()
}

fn draw_part(part: Part, here: Option<usize>) -> AnyView {
    let Part { piece, place } = part;
    let drawn = draw_piece(piece);
    match place {
        None => drawn,
        Some(place) => {
            let is_here = (here == Some(place)).then_some("true");
            view! { <mark aria-current=is_here>{drawn}</mark> }.into_any()
        }
    }
}

fn draw_piece(piece: Piece) -> AnyView {
    let Piece { text, style } = piece;
    if style == Style::default() {
        return text.into_any();
    }
    let (ink, mixed_ink) = spell(style.ink);
    let (wash, mixed_wash) = spell(style.wash);
    view! {
        <span
            class=style.classes()
            data-ink=ink
            data-wash=wash
            style=("--mixed-ink", mixed_ink)
            style=("--mixed-wash", mixed_wash)
        >
            {text}
        </span>
    }
    .into_any()
}

/// A colour's name in the style sheet, and its value where it is mixed.
fn spell(colour: Colour) -> (Option<String>, Option<String>) {
    match colour {
        Colour::Own => (None, None),
        Colour::Named(place) => (Some(place.to_string()), None),
        Colour::Mixed(red, green, blue) => (
            Some("mixed".to_owned()),
            Some(format!("rgb({red} {green} {blue})")),
        ),
    }
}
