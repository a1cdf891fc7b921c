//! Moments and spans: short for the eye, exact on hover.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::Date;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::Task;
use sparkq_core::{Status, Time};

use crate::clock::Clock;

/// Shows how long ago `at` was.
#[component]
pub(crate) fn Ago(at: Time) -> impl IntoView {
    let clock = Clock::expect();
    let text = Memo::new(move |_| spell_ago(clock.now().since(at)));
    view! { <time datetime=at.to_string() title=spell_local(at)>{text}</time> }
}

/// Shows how long a task ran, or has been running; and how long it may, when that is over.
#[component]
pub(crate) fn RunTime(
    #[prop(into)] task: Signal<Task>,
    #[prop(into)] stale: Signal<bool>,
) -> impl IntoView {
    let clock = Clock::expect();
    let text = Memo::new(move |_| {
        let task = task.read();
        // Only what still runs follows the clock.
        let now = if task.status == Status::Running {
            clock.now()
        } else {
            task.updated_at
        };
        let ran = task.ran_for(now).map(spell_duration)?;
        Some((ran, spell_limit(task.timeout.seconds())))
    });
    view! {
        {move || text.get().map(|(ran, limit)| view! {
            <span class="run-time" data-tone=stale.get().then_some("stale")>
                {ran}
                {stale.get().then(|| view! { <span class="limit">" of "{limit}</span> })}
            </span>
        })}
    }
}

/// Spells a moment as the browser's place and language do.
#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds stay far below 2^53"
)]
pub(crate) fn spell_local(at: Time) -> String {
    let date = Date::new(&JsValue::from_f64(at.as_millis() as f64));
    date.to_locale_string("default", &JsValue::UNDEFINED).into()
}

/// Spells how long ago something was, in its largest unit.
fn spell_ago(millis: i64) -> String {
    let seconds = millis / 1000;
    match seconds {
        ..5 => "just now".to_owned(),
        5..60 => format!("{seconds}s ago"),
        60..3600 => format!("{}m ago", seconds / 60),
        3600..86_400 => format!("{}h ago", seconds / 3600),
        _ => format!("{}d ago", seconds / 86_400),
    }
}

/// Spells a timeout as people type it: `90s`, `5m`, `2h`.
pub(crate) fn spell_limit(seconds: u64) -> String {
    match seconds {
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit() {
        let told = [
            0,
            4_999,
            5_000,
            59_999,
            60_000,
            3_599_000,
            3_600_000,
            86_400_000 * 3,
        ]
        .map(spell_ago);
        assert_eq!(
            told,
            [
                "just now", "just now", "5s ago", "59s ago", "1m ago", "59m ago", "1h ago",
                "3d ago"
            ]
        );
    }

    #[test]
    fn a_limit_is_told_as_people_type_it() {
        assert_eq!(
            [30, 90, 300, 5400, 7200, 172_800].map(spell_limit),
            ["30s", "90s", "5m", "90m", "2h", "2d"]
        );
    }
}
