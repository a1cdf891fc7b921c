//! The counts: one tile for each status, and one for what is stale.

use leptos::prelude::*;
use sparkq_core::Status;
use sparkq_core::wire::Counts;

use super::{Glyph, Icon};

/// Shows how many tasks stand where.
#[component]
pub(crate) fn CountTiles(
    #[prop(into)] counts: Signal<Counts>,
    #[prop(into)] stale: Signal<u64>,
) -> impl IntoView {
    let tile = move |status: Status| {
        let count = Signal::derive(move || counts.get().of(status));
        view! { <Tile word=status.as_str() icon=status.into() count/> }
    };
    view! {
        <dl class="tiles" aria-label="Tasks by status">
            {Status::ALL.map(tile).collect_view()}
            <Tile word="stale" icon=Icon::Warning count=stale/>
        </dl>
    }
}

#[component]
fn Tile(word: &'static str, icon: Icon, count: Signal<u64>) -> impl IntoView {
    view! {
        <div class="tile" data-status=word data-tone=word data-none=move || (count.get() == 0).then_some("")>
            <dt><Glyph icon/>{word}</dt>
            <dd data-count=word>{move || count.get()}</dd>
        </div>
    }
}
