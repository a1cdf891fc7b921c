//! How many tasks of a stream stand where, each count a way to those tasks.

use leptos::prelude::*;
use sparkq_core::Status;
use sparkq_core::wire::Counts;

use super::{Glyph, Icon};
use crate::route;

/// Shows the counts of one stream, which tasks are asked for by `stream`: its name or id.
#[component]
pub(crate) fn CountLinks(
    #[prop(into)] counts: Signal<Counts>,
    #[prop(into)] stream: Signal<String>,
) -> impl IntoView {
    let link = move |status: Status| {
        let count = Memo::new(move |_| counts.read().of(status));
        let word = status.as_str();
        view! {
            <li>
                <a
                    href=move || route::with_query(route::TASKS, &[("stream", &stream.read()), ("status", word)])
                    data-tone=move || (count.get() > 0).then_some(word)
                    data-count=word
                >
                    <Glyph icon=Icon::from(status)/>
                    <b>{count}</b>
                    {word}
                </a>
            </li>
        }
    };
    view! { <ul class="count-links" aria-label="Tasks by status">{Status::ALL.map(link).collect_view()}</ul> }
}
