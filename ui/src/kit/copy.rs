//! A button that copies a text, such as an id or a command.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::js_sys::futures::JsFuture;
use leptos::web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::{Glyph, Icon};

/// How long the button says whether it has copied.
const SAID: Duration = Duration::from_secs(2);

/// Copies `text`; `what` names it, as in "Copy the id".
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] what: String,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let copied = RwSignal::new(None);
    let name = format!("Copy {what}");
    let copy = move |event: leptos::ev::MouseEvent| {
        let button = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let copying = copy_text(&text.get_untracked(), button);
        spawn_local(async move {
            copied.try_set(Some(copying.await));
            set_timeout(
                move || {
                    copied.try_set(None);
                },
                SAID,
            );
        });
    };
    let icon = Signal::derive(move || match copied.get() {
        Some(true) => Icon::Succeeded,
        Some(false) => Icon::Failed,
        None => Icon::Copy,
    });
    let class = if label.is_some() {
        "button"
    } else {
        "icon-button"
    };
    // One that says what it does in words is called by them.
    let called = label.is_none().then(|| name.clone());
    let called = move || match copied.get() {
        Some(true) => Some("Copied".to_owned()),
        Some(false) => Some("Could not copy".to_owned()),
        None => called.clone(),
    };
    view! {
        <button
            type="button"
            class=class
            title=name
            aria-label=called
            on:click=copy
        >
            <Glyph icon/>
            {label}
        </button>
    }
}

/// Copies `text`. Where the page came over an open network, browsers keep their clipboard from it, but copy what is
/// selected; `near` is where that may happen, else it is where the focus is. It begins at once, as browsers want it
/// from whoever answers a click, and comes to whether it was copied.
pub(crate) fn copy_text(
    text: &str,
    near: Option<HtmlElement>,
) -> impl Future<Output = bool> + use<> {
    let focused = || document().active_element()?.dyn_into::<HtmlElement>().ok();
    let near = near.or_else(focused);
    let text = text.to_owned();
    let clipboard = window().navigator().clipboard();
    let begun = if clipboard.is_undefined() {
        Err(copy_selected(&text, near.as_ref()))
    } else {
        Ok(clipboard.write_text(&text))
    };
    async move {
        match begun {
            // What the clipboard refuses may still be copied as what is selected.
            Ok(promise) => {
                JsFuture::from(promise).await.is_ok() || copy_selected(&text, near.as_ref())
            }
            Err(is_copied) => is_copied,
        }
    }
}

fn copy_selected(text: &str, near: Option<&HtmlElement>) -> bool {
    let field = document().create_element("textarea").ok();
    let field = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let parent = near.and_then(|near| near.parent_element());
    let (Some(field), Some(parent)) = (field, parent) else {
        return false;
    };
    field.set_class_name("unseen");
    field.set_value(text);
    if parent.append_child(&field).is_err() {
        return false;
    }
    field.select();
    let is_copied = document()
        .dyn_into::<HtmlDocument>()
        .is_ok_and(|document| document.exec_command("copy") == Ok(true));
    field.remove();
    let _ = near.map(HtmlElement::focus);
    is_copied
}
