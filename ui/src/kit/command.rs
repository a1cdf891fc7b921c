//! A command to paste into a terminal.

use leptos::prelude::*;

use super::CopyButton;

/// Offers the command that does the same as the dialog it stands in, while there is one.
pub(crate) fn in_shell(text: Signal<String>) -> AnyView {
    view! {
        <div class="in-shell" hidden=move || text.read().is_empty()>
            <p class="faint">"The same from a shell:"</p>
            <Command text/>
        </div>
    }
    .into_any()
}

/// Shows a command, and copies it.
#[component]
pub(crate) fn Command(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! {
        <span class="command-line">
            <code>{text}</code>
            <CopyButton text what="the command"/>
        </span>
    }
}
