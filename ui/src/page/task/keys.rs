//! The keys of the page, for as long as it is shown.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, KeyboardEvent};

use super::act::Act;

/// Listens for `r`, which asks to requeue, and `c`, which copies the id. Whoever types somewhere is left alone.
pub(super) fn listen(act: &Act) {
    let act = *act;
    let listening = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || is_busy(&event) {
            return;
        }
        match event.key().as_str() {
            "r" => act.ask_to_requeue(),
            "c" => act.copy_id(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listening.remove());
}

/// Whether the key is meant for something else: a field, a dialog, or the browser.
fn is_busy(event: &KeyboardEvent) -> bool {
    let is_in = |css: &str| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        target.is_some_and(|target| target.closest(css).ok().flatten().is_some())
    };
    let with_others = event.ctrl_key() || event.meta_key() || event.alt_key();
    with_others
        || is_in("input, textarea, select, [contenteditable]")
        || document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some()
}
