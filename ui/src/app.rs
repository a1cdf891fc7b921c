//! The frame around every page: what all of them share is provided here.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::board::Board;
use crate::clock::Clock;
use crate::kit::{ConnectionBanner, Masthead, ToastRegion, Toasts};
use crate::page::{self, Dashboard, Lost};
use crate::{live, part::part};

/// Draws the whole application.
#[component]
pub(crate) fn App() -> impl IntoView {
    let clock = Clock::provide();
    let board = Board::provide(clock);
    let toasts = Toasts::provide();
    provide_context(live::start(board));

    view! {
        <Router>
            <Masthead project=board.project() link=board.link()/>
            <ConnectionBanner link=board.link()/>
            <main class="page" id="main" tabindex="-1">
                <FlatRoutes fallback=Lost>
                    <Route path=path!("/") view=Dashboard/>
                    <Route path=path!("/tasks") view=|| part(page::tasks)/>
                    <Route path=path!("/tasks/:name") view=|| part(page::task)/>
                    <Route path=path!("/enqueue") view=|| part(page::enqueue)/>
                    <Route path=path!("/streams") view=|| part(page::streams)/>
                    <Route path=path!("/streams/:name") view=|| part(page::stream)/>
                    <Route path=path!("/sessions") view=|| part(page::sessions)/>
                    <Route path=path!("/tools") view=|| part(page::tools)/>
                    <Route path=path!("/plugins") view=|| part(page::plugins)/>
                    <Route path=path!("/scripts") view=|| part(page::scripts)/>
                    <Route path=path!("/settings") view=|| part(page::settings)/>
                </FlatRoutes>
            </main>
            <ToastRegion toasts/>
        </Router>
    }
}
