//! The page's clock: the only place that asks what time it is.

use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::graph::{ReactiveNode, ToAnySource};
use leptos::web_sys::js_sys::Date;
use sparkq_core::Time;

/// How often the time moves on while a duration is being shown to grow.
const FAST: Duration = Duration::from_secs(1);

/// How often it moves on otherwise, for "3m ago".
const SLOW: Duration = Duration::from_secs(20);

/// What time it is, as a signal. It ticks only as often as somebody needs.
#[derive(Clone, Copy)]
pub(crate) struct Clock(RwSignal<Time>);

impl Clock {
    /// Makes the clock and gives it to everything below.
    pub(crate) fn provide() -> Self {
        let clock = Self(RwSignal::new(read()));
        provide_context(clock);
        clock
    }

    /// The clock that was provided above.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Returns the time and follows it.
    pub(crate) fn now(self) -> Time {
        self.0.get()
    }

    /// Moves the time on to the present, when something new is to be shown.
    pub(crate) fn catch_up(self) {
        if let Some(mut time) = self.0.try_write_untracked() {
            *time = read();
        }
        // A signal keeps everybody who ever followed it; its set lets go of those it tells, and who is still there comes
        // again. Each row that was ever drawn has followed the clock.
        self.0.to_any_source().mark_dirty();
    }

    /// Ticks every second while `busy` holds, and slowly otherwise.
    pub(crate) fn run(self, busy: Signal<bool>) {
        Effect::new(move |_| {
            let pace = if busy.get() { FAST } else { SLOW };
            let ticking = set_interval_with_handle(move || self.catch_up(), pace);
            on_cleanup(move || {
                if let Ok(ticking) = ticking {
                    ticking.clear();
                }
            });
        });
    }
}

/// What time it is, at this moment.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole milliseconds, far below 2^53"
)]
pub(crate) fn read() -> Time {
    Time::from_millis(Date::now() as i64)
}
