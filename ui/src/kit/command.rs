//! A command to paste into a terminal.

use leptos::prelude::*;

use super::CopyButton;

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
