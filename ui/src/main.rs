//! The web page: one board, fed by one event stream, drawn by a small kit.
//!
//! Pages compose, the kit draws, the client fetches. Text of tasks reaches the document as text nodes only.
#![expect(
    unreachable_pub,
    reason = "`#[component]` writes a `pub` item for each component that another module may use"
)]
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        clippy::large_types_passed_by_value,
        reason = "handles of a page's signals, which are half as large where they run, are copied into its closures"
    )
)]

mod app;
mod board;
mod client;
mod clock;
mod json;
mod kept;
mod keys;
mod kit;
mod live;
mod memo;
mod pace;
mod page;
mod part;
mod route;
mod shell;
mod storage;
mod theme;
mod words;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

fn main() {
    console_error_panic_hook::set_once();
    let place = document().get_element_by_id("app");
    if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
        place.set_text_content(None);
        leptos::mount::mount_to(place, app::App).forget();
    }
}
