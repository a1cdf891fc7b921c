//! The banner that tells when what is shown may be old.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::board::Link;

/// Says that the connection is lost, for as long as it is. The region is always there, so that a screen reader hears of the change.
#[component]
pub(crate) fn ConnectionBanner(#[prop(into)] link: Signal<Link>) -> impl IntoView {
    let lost = Memo::new(move |_| link.get() == Link::Lost);
    view! {
        <div role="status" aria-live="polite">
            <Show when=move || lost.get()>
                <p class="banner" data-tone="stale">
                    <Glyph icon=Icon::Warning/>
                    "Connection lost, reconnecting…"
                </p>
            </Show>
        </div>
    }
}
