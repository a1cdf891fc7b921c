//! The banner that tells when what is shown may be old. It lies over the foot of the page, so that nothing moves.

use std::time::Duration;

use leptos::prelude::*;
use sparkq_core::Time;

use super::{Ago, Glyph, Icon};
use crate::board::Outage;
use crate::clock::Clock;

/// How long it says that the connection is back.
const STAY: Duration = Duration::from_secs(5);

/// Says since when the connection is gone and when it is tried again, and once that it is back. To a screen reader it says
/// both once, and does not count the seconds.
#[component]
pub(crate) fn ConnectionBanner(
    #[prop(into)] outage: Signal<Option<Outage>>,
    on_retry: impl Fn() + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let since = Memo::new(move |_| outage.get().map(|outage| outage.since));
    let is_back = RwSignal::new(false);
    Effect::new(move |was: Option<bool>| {
        let lost = since.get().is_some();
        if was == Some(true) && !lost {
            is_back.set(true);
            set_timeout(move || is_back.set(false), STAY);
        }
        lost
    });
    let said = move || match (since.get(), is_back.get()) {
        (Some(_), _) => "The connection to SparkQ is lost. What is shown may be old.",
        (None, true) => "Connected again. What is shown is up to date.",
        (None, false) => "",
    };
    let lost = move |since: Time| {
        let on_retry = on_retry.clone();
        view! {
            <div class="banner" data-tone="stale" data-banner="lost">
                <Glyph icon=Icon::Warning/>
                <p><strong>"Offline."</strong>" The connection was lost "<Ago at=since/>": what is shown may be old."</p>
                <span class="banner-next">{next_try(outage)}</span>
                <button class="button" on:click=move |_| on_retry()>"Try now"</button>
            </div>
        }
    };
    view! {
        <p class="unseen" role="status">{said}</p>
        {move || match since.get() {
            Some(since) => lost(since).into_any(),
            None if is_back.get() => view! {
                <div class="banner" data-tone="succeeded" data-banner="back" aria-hidden="true">
                    <Glyph icon=Icon::Succeeded/>
                    <p><strong>"Connected again."</strong>" What is shown is up to date."</p>
                </div>
            }
            .into_any(),
            None => ().into_any(),
        }}
    }
}

/// Counts down to the next try.
fn next_try(outage: Signal<Option<Outage>>) -> impl Fn() -> String {
    let clock = Clock::expect();
    move || {
        let next = outage.get().and_then(|outage| outage.next);
        match next.map(|next| next.since(clock.now())) {
            Some(left @ 1..) => format!("Next try in {} s", (left + 999) / 1000),
            _ => "Trying now…".to_owned(),
        }
    }
}
