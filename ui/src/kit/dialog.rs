//! A dialog over the page: the browser's own, which keeps the focus inside and closes with Escape.
//!
//! It opens on what has `autofocus`: where something cannot be undone, on the way out. Else it opens on its first control.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::{focus_soon, is_focus_lost};

/// Shows `children` over the page while `open` holds.
#[component]
pub(crate) fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let place = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = place.get() else { return };
        match (open.get(), dialog.open()) {
            // One that is no longer in the document cannot be shown, and needs not be.
            (true, false) => {
                let _ = dialog.show_modal();
                // What has the focus may stand at the end of a long one, which is read from its beginning.
                dialog.set_scroll_top(0);
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    // As in the form for a task, whose fields have lines too.
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            let send = place.get_untracked();
            let send =
                send.and_then(|dialog| dialog.query_selector("form .primary").ok().flatten());
            if let Some(send) = send.and_then(|send| send.dyn_into::<HtmlElement>().ok()) {
                send.click();
            }
        }
    };
    view! {
        <dialog class="dialog" node_ref=place aria-label=title on:keydown=keys on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2>{title}</h2>
                {children()}
            </Show>
        </dialog>
    }
}

/// Puts the focus where an open dialog begins when what had it is gone, because something else is asked or told by now.
pub(crate) fn keep_focus_in_dialog() {
    request_animation_frame(|| {
        let is_at_dialog = document()
            .active_element()
            .is_some_and(|place| place.tag_name() == "DIALOG");
        if is_at_dialog || is_focus_lost() {
            focus_soon("dialog[open] [autofocus]");
        }
    });
}
