//! The head of every page: what this is, whose it is, and whether it is live.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::board::Link;
use crate::route;

/// Shows the product, the project and the connection.
#[component]
pub(crate) fn Masthead(
    #[prop(into)] project: Signal<String>,
    #[prop(into)] link: Signal<Link>,
) -> impl IntoView {
    let (word, tone) = (move || spell(link.get()).0, move || spell(link.get()).1);
    view! {
        <header class="masthead">
            <a class="skip" href="#main">"Skip to the content"</a>
            <a class="brand" href=route::dashboard(None)><Glyph icon=Icon::Spark/>"SparkQ"</a>
            <span class="project">{project}</span>
            <span class="link" data-tone=tone data-link=word>
                <span class="dot" aria-hidden="true"></span>
                {word}
            </span>
        </header>
    }
}

/// The word for a connection, and its tone.
const fn spell(link: Link) -> (&'static str, &'static str) {
    match link {
        Link::Connecting => ("connecting", "queued"),
        Link::Live => ("live", "succeeded"),
        Link::Lost => ("offline", "stale"),
    }
}
