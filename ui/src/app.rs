//! The frame around every page: what all of them share is provided here.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::board::Board;
use crate::clock::Clock;
use crate::kit::{ConnectionBanner, Masthead};
use crate::live;
use crate::page::{Dashboard, Lost};

/// Draws the whole application.
#[component]
pub(crate) fn App() -> impl IntoView {
    let clock = Clock::provide();
    let board = Board::provide(clock);
    provide_context(live::start(board));

    view! {
        <Router>
            <Masthead project=board.project() link=board.link()/>
            <ConnectionBanner link=board.link()/>
            <main class="page" id="main">
                <Routes fallback=Lost>
                    <Route path=path!("/") view=Dashboard/>
                </Routes>
            </main>
        </Router>
    }
}
