//! Where the focus is among rows that come into the document and leave it.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use web_sys::FocusOptions;

use super::desk::Desk;
use crate::kit::focus_soon;

/// Moves along the rows, and chooses them.
pub(super) fn keys(desk: Desk, event: &ev::KeyboardEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_on_row = target.is_some_and(|target| target.has_attribute("data-row"));
    let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
    let at = desk
        .heading
        .get_untracked()
        .or(desk.focused.get_untracked());
    let Some(task) = at.filter(|_| is_on_row && !has_modifier) else {
        return;
    };
    let way = if event.shift_key() { extend } else { step };
    match event.key().as_str() {
        "ArrowDown" | "j" | "J" => way(desk, task, 1),
        "ArrowUp" | "k" | "K" => way(desk, task, -1),
        "b" | "B" => focus_soon(".chosen-bar button:not(:disabled)"),
        "x" | "X" => desk.chosen.update(|chosen| chosen.toggle(task)),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// The row so many after that of `task`, and where it stands.
fn after(desk: Desk, task: i64, by: isize) -> Option<(usize, i64)> {
    desk.peek(|roll| {
        let place = roll.place(task)?.checked_add_signed(by)?;
        Some((place, roll.lines().get(place)?.task.seq))
    })
}

/// Moves along the rows, and takes those on the way into the choice, or out of it on the way back.
fn extend(desk: Desk, task: i64, by: isize) {
    let next = after(desk, task, by).map_or(task, |(_, next)| next);
    let listed = desk.listed();
    desk.chosen
        .update(|chosen| chosen.reach(task, next, &listed));
    step(desk, task, by);
}

fn step(desk: Desk, task: i64, by: isize) {
    let Some((place, next)) = after(desk, task, by) else {
        return;
    };
    desk.heading.set(Some(next));
    let way = desk.viewport.get_untracked().way_to(place);
    if way != 0.0 {
        window().scroll_by_with_x_and_y(0.0, way);
    }
    // By then it is in the document.
    request_animation_frame(move || {
        if desk.heading.try_get_untracked() != Some(Some(next)) {
            return;
        }
        focus_row(next);
        desk.heading.set(None);
    });
}

/// Gives the focus back to a row that loses it because rows around it are drawn anew.
pub(super) fn hold_focus(desk: Desk) {
    if desk.redrawn.get_value().0 {
        return;
    }
    desk.redrawn.set_value((true, None));
    request_animation_frame(move || {
        let lost = desk.redrawn.try_update_value(|(is_redrawing, lost)| {
            *is_redrawing = false;
            lost.take()
        });
        let focus = document().active_element();
        let is_nowhere = focus.is_none_or(|focus| focus.tag_name() == "BODY");
        if let Some(task) = lost.flatten().filter(|_| is_nowhere) {
            focus_row(task);
        }
    });
}

/// Gives the focus to the row that had it last, once the page is drawn, where nothing else has it by then.
pub(super) fn give_back(entered: StoredValue<Option<i64>>, heading: RwSignal<Option<i64>>) {
    let Some(task) = entered.get_value() else {
        return;
    };
    heading.set(Some(task));
    let give = move || {
        if heading.try_get_untracked() != Some(Some(task)) {
            return;
        }
        let focus = document().active_element();
        let is_nowhere =
            focus.is_none_or(|focus| matches!(focus.tag_name().as_str(), "BODY" | "MAIN"));
        if is_nowhere {
            focus_row(task);
        }
        heading.set(None);
    };
    // What had it is gone by the first frame, and the row is there by the second.
    request_animation_frame(move || request_animation_frame(give));
}

fn focus_row(task: i64) {
    let row = document().query_selector(&format!("[data-row=\"{task}\"]"));
    let row = row
        .ok()
        .flatten()
        .and_then(|row| row.dyn_into::<HtmlElement>().ok());
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    // One that is gone by now needs no focus.
    let _ = row.map(|row| row.focus_with_options(&still));
}
