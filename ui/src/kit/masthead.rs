//! The head of every page: what this is, whose it is, where one can go, and whether it is live.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::board::Link;
use crate::route;

/// The pages one can go to, in their order.
const PLACES: [(&str, &str); 8] = [
    ("/", "Dashboard"),
    (route::TASKS, "Tasks"),
    (route::STREAMS, "Streams"),
    (route::SESSIONS, "Sessions"),
    (route::TOOLS, "Tools"),
    (route::PLUGINS, "Plugins"),
    (route::SCRIPTS, "Scripts"),
    (route::SETTINGS, "Settings"),
];

/// Shows the product, the project, the pages and the connection, and the keys when `help` is asked for.
#[component]
pub(crate) fn Masthead(
    #[prop(into)] project: Signal<String>,
    #[prop(into)] link: Signal<Link>,
    help: RwSignal<bool>,
) -> impl IntoView {
    let (word, tone) = (move || spell(link.get()).0, move || spell(link.get()).1);
    let path = route::Place::here().path();
    Effect::new(move |_| {
        path.track();
        request_animation_frame(show_current);
    });
    let place = move |(address, name): (&'static str, &'static str)| {
        let is_here = move || is_below(&path.get(), address).then_some("page");
        view! { <li><a href=address aria-current=is_here>{name}</a></li> }
    };
    view! {
        <header class="masthead">
            <a class="skip" href="#main">"Skip to the content"</a>
            <div class="masthead-row">
                <a class="brand" href="/"><Glyph icon=Icon::Spark/>"SparkQ"</a>
                <span class="project">{project}</span>
                <span class="link" data-tone=tone data-link=word>
                    <span class="dot" aria-hidden="true"></span>
                    {word}
                </span>
            </div>
            <nav aria-label="Pages"><ul>{PLACES.map(place).collect_view()}</ul></nav>
            <button class="icon-button keys-button" aria-label="Keys" title="Keys" on:click=move |_| help.set(true)>
                <kbd>"?"</kbd>
            </button>
            <a class="button primary enqueue-link" href=route::ENQUEUE><Glyph icon=Icon::Add/>"Enqueue"</a>
        </header>
    }
}

/// Scrolls the pages so that the one that is shown is among those in sight, where there is no room for all.
fn show_current() {
    let found = |css| document().query_selector(css).ok().flatten();
    let (Some(pages), Some(current)) = (
        found(".masthead nav"),
        found(".masthead nav [aria-current]"),
    ) else {
        return;
    };
    // Within the pages alone: the document stays where it is.
    let (pages_at, at) = (
        pages.get_bounding_client_rect(),
        current.get_bounding_client_rect(),
    );
    let beyond = (at.right() - pages_at.right()).max(0.0) + (at.left() - pages_at.left()).min(0.0);
    pages.scroll_by_with_x_and_y(beyond, 0.0);
}

/// Whether `path` is the page at `address`, or one below it.
fn is_below(path: &str, address: &str) -> bool {
    match path.strip_prefix(address) {
        Some(rest) if address == "/" => rest.is_empty(),
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
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

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_page_is_marked_for_what_is_below_it_and_the_dashboard_for_itself_alone() {
        assert!(is_below("/", "/") && !is_below("/tasks", "/"));
        assert!(is_below("/tasks", "/tasks") && is_below("/tasks/tsk_1", "/tasks"));
        assert!(!is_below("/tasksets", "/tasks"));
    }
}
