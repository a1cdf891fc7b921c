//! How long something has been running: against how long its kind usually takes, and how long it may.

use leptos::prelude::*;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::Spread;
use sparkq_core::{Age, Time, Timeout};

use crate::clock::Clock;
use crate::memo::memo;

/// Draws a bar that is full when the time is up, with a mark where half of its kind were done, and says it in words.
#[component]
pub(crate) fn AgeBar(
    started: Time,
    timeout: Timeout,
    #[prop(into)] usual: Signal<Option<Spread>>,
) -> impl IntoView {
    let clock = Clock::expect();
    let usual = memo(move |_| usual.get());
    let limit = i64::try_from(timeout.seconds()).unwrap_or(i64::MAX / 1000) * 1000;
    let percent = move |millis: i64| format!("{}%", (millis.max(0) * 100 / limit.max(1)).min(100));
    let ran = Memo::new(move |_| clock.now().since(started));
    let stale = Memo::new(move |_| Age::of(started, timeout, clock.now()) != Age::Fresh);
    let words = move || {
        let (ran, limit) = (spell_duration(ran.get()), spell_duration(limit));
        match usual.get() {
            Some(usual) => format!("{ran}, usually {} of {limit}", spell_duration(usual.median)),
            None => format!("{ran} of {limit}"),
        }
    };
    let mark = move || {
        let usual = usual.get()?;
        Some(
            view! { <span class="age-mark" style:inset-inline-start=percent(usual.median)></span> },
        )
    };
    view! {
        <span class="age" data-tone=move || if stale.get() { "stale" } else { "running" }>
            <span class="age-bar" aria-hidden="true">
                <span class="age-fill" style:inline-size=move || percent(ran.get())></span>
                {mark}
            </span>
            <span class="age-words">{words}{move || stale.get().then_some(" · stale")}</span>
        </span>
    }
}
