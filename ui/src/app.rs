//! The frame around every page: what all of them share is provided here.

use leptos::prelude::*;

use crate::board::Board;
use crate::clock::Clock;
use crate::kept::Kept;
use crate::kit::{ConnectionBanner, Masthead, ToastRegion, Toasts};
use crate::page::{self, Dashboard, Lost};
use crate::route::{self, Place};
use crate::{keys, live, part::part};

/// Draws the whole application.
#[component]
pub(crate) fn App() -> impl IntoView {
    let clock = Clock::provide();
    Kept::provide();
    Place::provide();
    let board = Board::provide(clock);
    let toasts = Toasts::provide();
    let retry = live::start(board);
    provide_context(retry.clone());
    let help = RwSignal::new(false);
    provide_context(keys::Help(help));
    keys::listen(help);

    view! {
        <Masthead project=board.project() link=board.link() help/>
        <ConnectionBanner outage=board.outage() on_retry=move || retry.now()/>
        <main class="page" id="main" tabindex="-1">
            {pages()}
        </main>
        <ToastRegion toasts/>
        {move || help.get().then(|| part(|| Box::pin(page::keys_help())))}
    }
}

/// Draws the page that the address asks for.
fn pages() -> AnyView {
    let place = route::place();
    (move || {
        let (page, named) = place.get();
        match (page.as_str(), named) {
            ("", _) => Dashboard().into_any(),
            ("tasks", false) => part(|| Box::pin(page::tasks())),
            ("tasks", true) => part(|| Box::pin(page::task())),
            ("enqueue", false) => part(|| Box::pin(page::enqueue())),
            ("streams", false) => part(|| Box::pin(page::streams())),
            ("streams", true) => part(|| Box::pin(page::stream())),
            ("sessions", false) => part(|| Box::pin(page::sessions())),
            ("tools", false) => part(|| Box::pin(page::tools())),
            ("plugins", false) => part(|| Box::pin(page::plugins())),
            ("scripts", false) => part(|| Box::pin(page::scripts())),
            ("settings", false) => part(|| Box::pin(page::settings())),
            _ => Lost().into_any(),
        }
    })
    .into_any()
}
