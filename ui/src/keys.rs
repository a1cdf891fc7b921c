//! The keyboard: one key leads to each page, and along each list. Where the focus goes when the page changes.

mod command;

use gloo_timers::future::TimeoutFuture;
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use web_sys::FocusOptions;

pub(crate) use self::command::HELP;
use self::command::{Chord, Command};
use crate::{clock, route};

/// Where one types.
const FIELDS: &str =
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/// How often a page that is being loaded is looked at for its search, and how long between, in milliseconds.
const LOOKS: (u32, u32) = (100, 50);

/// Whether somebody asks for the keys.
#[derive(Clone, Copy)]
pub(crate) struct Help(pub(crate) RwSignal<bool>);

/// Follows the keyboard and the address, for as long as the page is there. Sets `help` when somebody asks for the keys.
pub(crate) fn listen(help: RwSignal<bool>) {
    let path = route::Place::here().path();
    let chord = StoredValue::new(Chord::default());
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            leave_field(&event);
            return;
        }
        if !is_for_page(&event) {
            chord.set_value(Chord::default());
            return;
        }
        let now = clock::read().as_millis();
        let command = chord.try_update_value(|chord| chord.press(&event.key(), now));
        let Some(command) = command.flatten() else {
            return;
        };
        event.prevent_default();
        match command {
            Command::Help => help.set(true),
            Command::Go(address) => route::go(address),
            Command::Row(step) => step_row(step),
            Command::Search => {
                if !focus("#search") {
                    route::go(route::TASKS);
                    spawn_local(focus_when_there("#search"));
                }
            }
            Command::Wait => {}
        }
    });
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            // The page that goes away takes the focus with it first.
            request_animation_frame(begin_at_page);
        }
        path
    });
}

/// Whether a key means the page, and neither a field nor the browser nor a dialog.
fn is_for_page(event: &KeyboardEvent) -> bool {
    let is_modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    let is_taken = event.default_prevented() || event.is_composing();
    let is_typed = in_focus().is_some_and(|place| is_field(&place));
    let dialog = document().query_selector("dialog[open]");
    !(is_modified || is_taken || is_typed) && dialog.is_ok_and(|dialog| dialog.is_none())
}

/// Puts the focus where the page begins, unless it has put it into a field itself.
fn begin_at_page() {
    let is_placed = in_focus().is_some_and(|place| {
        is_field(&place) && place.closest("main").is_ok_and(|main| main.is_some())
    });
    if !is_placed {
        focus("main");
    }
}

fn leave_field(event: &KeyboardEvent) {
    let place = in_focus().filter(is_field);
    if let (Some(place), false) = (place, event.default_prevented()) {
        // In a dialog Escape closes it.
        if place.closest("dialog").is_ok_and(|dialog| dialog.is_none()) {
            let _ = place.unchecked_into::<HtmlElement>().blur();
        }
    }
}

/// Moves the focus along the rows of the page.
fn step_row(step: i32) {
    let Ok(found) = document().query_selector_all("main [data-row]") else {
        return;
    };
    let rows = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<HtmlElement>().ok());
    // Those that are hidden have no place on the page.
    let rows: Vec<_> = rows.filter(|row| row.offset_parent().is_some()).collect();
    let here = in_focus().and_then(|place| place.closest("[data-row]").ok().flatten());
    let at = here.and_then(|here| rows.iter().position(|row| **row == here));
    if let Some(row) = command::step(rows.len(), at, step).and_then(|at| rows.get(at)) {
        // What cannot be focused stays as it is.
        let _ = row.focus();
    }
}

fn in_focus() -> Option<Element> {
    document().active_element()
}

fn is_field(place: &Element) -> bool {
    place.matches(FIELDS).unwrap_or_default()
}

/// Puts the focus on what matches `css`, and moves nothing. Returns whether there is such a thing.
fn focus(css: &str) -> bool {
    let Ok(Some(place)) = document().query_selector(css) else {
        return false;
    };
    let still = FocusOptions::new();
    still.set_prevent_scroll(css == "main");
    let place = place.unchecked_into::<HtmlElement>();
    place.focus_with_options(&still).is_ok()
}

async fn focus_when_there(css: &str) {
    let (looks, between) = LOOKS;
    for _ in 0..looks {
        TimeoutFuture::new(between).await;
        if focus(css) || in_focus().is_some_and(|place| is_field(&place)) {
            return;
        }
    }
}
