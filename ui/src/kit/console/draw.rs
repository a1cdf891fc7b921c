//! Draws rows: text nodes, and around those that look otherwise an element that says how.
//!
//! By hand, because a block is drawn while somebody scrolls, and has a thousand pieces.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{Element, HtmlElement};

use super::ansi::Piece;
use super::rows::Row;
use super::search::{self, cut};
use super::style::{Colour, Style};
use crate::kit::seen::{MEANING, Part, code, is_plain, parts};

/// Puts rows into a block, with what was looked for marked; `current` is the place one stands at, as row and number
/// within it. A browser that cannot make an element leaves them out.
pub(super) fn fill(
    block: &Element,
    rows: Vec<Row>,
    needle: &[char],
    current: Option<(usize, usize)>,
) {
    block.set_text_content(None);
    for row in rows {
        let here = current.filter(|(place, _)| *place == row.place);
        // What is left out is seen by its number, which is missing.
        let _ = draw_row(block, row, needle, here.map(|(_, number)| number));
    }
}

fn draw_row(
    block: &Element,
    row: Row,
    needle: &[char],
    here: Option<usize>,
) -> Result<(), JsValue> {
    let drawn = add(block, "div", "console-row")?;
    drawn.set_attribute("data-place", &row.place.to_string())?;
    if let Some(line) = row.line {
        drawn.set_attribute("data-line", &line.to_string())?;
    }
    for search::Part { piece, place } in cut(row.pieces, needle) {
        match place {
            None => draw_piece(&drawn, &piece)?,
            Some(place) => {
                let mark = add(&drawn, "mark", "")?;
                if here == Some(place) {
                    mark.set_attribute("aria-current", "true")?;
                }
                draw_piece(&mark, &piece)?;
            }
        }
    }
    Ok(())
}

fn draw_piece(into: &Element, piece: &Piece) -> Result<(), JsValue> {
    if piece.style == Style::default() {
        return draw_text(into, &piece.text);
    }
    let span = add(into, "span", &piece.style.classes())?;
    paint(&span, "ink", piece.style.ink)?;
    paint(&span, "wash", piece.style.wash)?;
    draw_text(&span, &piece.text)
}

/// Puts a text into an element, with a mark in the place of each character that is not seen.
fn draw_text(into: &Element, text: &str) -> Result<(), JsValue> {
    let add_text = |into: &Element, text: &str| {
        let text = document().create_text_node(text);
        into.append_child(&text).map(drop)
    };
    if is_plain(text) {
        return add_text(into, text);
    }
    for part in parts(text) {
        match part {
            Part::Plain(text) => add_text(into, &text)?,
            Part::Unseen(character) => {
                let mark = add(into, "span", "unseen-mark")?;
                mark.set_attribute("data-code", &code(character))?;
                mark.set_attribute("title", MEANING)?;
                mark.set_attribute("role", "img")?;
                mark.set_attribute("aria-label", &code(character))?;
                add_text(&add(&mark, "span", "")?, &character.to_string())?;
            }
        }
    }
    Ok(())
}

/// Gives a piece one of its colours, by its name in the style sheet, and its value where it is mixed.
fn paint(span: &Element, what: &str, colour: Colour) -> Result<(), JsValue> {
    let name = format!("data-{what}");
    match colour {
        Colour::Own => Ok(()),
        Colour::Named(place) => span.set_attribute(&name, &place.to_string()),
        Colour::Mixed(red, green, blue) => {
            span.set_attribute(&name, "mixed")?;
            let style = span.unchecked_ref::<HtmlElement>().style();
            style.set_property(
                &format!("--mixed-{what}"),
                &format!("rgb({red} {green} {blue})"),
            )
        }
    }
}

fn add(into: &Element, tag: &str, class: &str) -> Result<Element, JsValue> {
    let element = document().create_element(tag)?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    into.append_child(&element)?;
    Ok(element)
}
