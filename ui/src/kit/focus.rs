//! Where the focus goes when what had it is gone.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// Whether nothing has the focus.
pub(crate) fn is_focus_lost() -> bool {
    let focus = document().active_element();
    focus.is_none_or(|focus| focus.tag_name() == "BODY")
}

/// Moves the focus to what matches `css`, once the page is drawn.
pub(crate) fn focus_soon(css: impl Into<String>) {
    let css = css.into();
    request_animation_frame(move || {
        let place = document().query_selector(&css).ok().flatten();
        if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
            // What is not there any more needs no focus.
            let _ = place.focus();
        }
    });
}

/// Moves the focus to what matches `css` once the page is drawn, unless something has it by then.
pub(crate) fn focus_if_lost(css: impl Into<String>) {
    let css = css.into();
    request_animation_frame(move || {
        if is_focus_lost() {
            focus_soon(css);
        }
    });
}
