//! The status badge: a colour, a shape and a word.

use leptos::prelude::*;
use sparkq_core::Status;

use super::{Glyph, Icon};

/// Shows where a task stands; `stale` when it runs for longer than it may.
#[component]
pub(crate) fn StatusBadge(
    #[prop(into)] status: Signal<Status>,
    #[prop(into)] stale: Signal<bool>,
) -> impl IntoView {
    let word = move || {
        if stale.get() {
            "stale"
        } else {
            status.get().as_str()
        }
    };
    let icon = Signal::derive(move || {
        if stale.get() {
            Icon::Warning
        } else {
            status.get().into()
        }
    });
    let hint = move || {
        stale
            .get()
            .then_some("Still running, for longer than its timeout")
    };
    view! {
        <span class="badge" data-tone=word title=hint>
            <Glyph icon/>
            {word}
        </span>
    }
}
