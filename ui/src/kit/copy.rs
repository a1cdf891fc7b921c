//! A button that copies a text, such as an id or a command.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::{Glyph, Icon};

/// How long the button says that it has copied.
const SAID: Duration = Duration::from_secs(2);

/// Copies `text`; `what` names it, as in "Copy the id".
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] what: String,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let name = format!("Copy {what}");
    let copy = move |event: leptos::ev::MouseEvent| {
        let button = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        copy_text(&text.get_untracked(), button.as_ref());
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            SAID,
        );
    };
    let icon = Signal::derive(move || {
        if copied.get() {
            Icon::Succeeded
        } else {
            Icon::Copy
        }
    });
    let class = if label.is_some() {
        "button"
    } else {
        "icon-button"
    };
    // One that says what it does in words is called by them.
    let called = label.is_none().then(|| name.clone());
    view! {
        <button
            type="button"
            class=class
            title=name
            aria-label=move || if copied.get() { Some("Copied".to_owned()) } else { called.clone() }
            on:click=copy
        >
            <Glyph icon/>
            {label}
        </button>
    }
}

/// Copies `text`. Where the page came over an open network, browsers keep their clipboard from it, but copy what is
/// selected; `near` is where that may happen.
pub(crate) fn copy_text(text: &str, near: Option<&HtmlElement>) {
    if window().is_secure_context() {
        // A browser that refuses says so itself.
        let _ = window().navigator().clipboard().write_text(text);
        return;
    }
    let field = document().create_element("textarea").ok();
    let field = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let parent = near.and_then(|near| near.parent_element());
    let (Some(field), Some(parent)) = (field, parent) else {
        return;
    };
    field.set_class_name("unseen");
    field.set_value(text);
    if parent.append_child(&field).is_ok() {
        field.select();
        if let Ok(document) = document().dyn_into::<HtmlDocument>() {
            let _ = document.exec_command("copy");
        }
        field.remove();
        let _ = near.map(HtmlElement::focus);
    }
}
