//! Toasts: what came of an action, said where the eye is and to a screen reader, without moving anything.

use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon, each};
use crate::client::NoAnswer;

/// How long good news stays. Bad news stays until it is put away.
const STAY: Duration = Duration::from_secs(6);

/// One toast.
#[derive(Clone, PartialEq, Eq)]
struct Toast {
    number: u32,
    bad: bool,
    text: String,
    hint: Option<String>,
    /// An address and its name, where there is more.
    link: Option<(String, String)>,
}

/// Where pages say what came of an action; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

impl Toasts {
    /// Makes the place for toasts and gives it to everything below.
    pub(crate) fn provide() -> Self {
        let toasts = Self {
            shown: RwSignal::new(Vec::new()),
            last: StoredValue::new(0),
        };
        provide_context(toasts);
        toasts
    }

    /// The one that was provided above.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Says that something was done.
    pub(crate) fn say(self, text: impl Into<String>) {
        self.add(false, text.into(), None, None);
    }

    /// Says that something was done, with a link to what came of it.
    pub(crate) fn lead(self, text: impl Into<String>, address: String, name: String) {
        self.add(false, text.into(), None, Some((address, name)));
    }

    /// Says that something was refused, or could not be asked.
    pub(crate) fn fail(self, reason: &NoAnswer) {
        let mut lines = vec![reason.what.clone()];
        let fields = reason.fields.iter();
        lines.extend(fields.map(|issue| format!("{}: {}", issue.pointer, issue.message)));
        self.add(true, lines.join("\n"), reason.hint.clone(), None);
    }

    fn add(self, bad: bool, text: String, hint: Option<String>, link: Option<(String, String)>) {
        self.last.update_value(|last| *last += 1);
        let number = self.last.get_value();
        let toast = Toast {
            number,
            bad,
            text,
            hint,
            link,
        };
        self.shown.update(|shown| {
            // Said again, it is not shown twice.
            shown.retain(|old| old.text != toast.text);
            shown.push(toast);
        });
        if !bad {
            set_timeout(move || self.put_away(number), STAY);
        }
    }

    fn put_away(self, number: u32) {
        self.shown
            .update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// Shows the toasts. The region is always there, so that a screen reader hears of each.
#[component]
pub(crate) fn ToastRegion(toasts: Toasts) -> impl IntoView {
    let draw = move |toast: Toast| {
        let number = toast.number;
        let (tone, icon) = if toast.bad {
            ("failed", Icon::Failed)
        } else {
            ("succeeded", Icon::Succeeded)
        };
        view! {
            <li class="toast" data-tone=tone data-toast=tone>
                <Glyph icon/>
                <div>
                    <p>{toast.text}{toast.link.map(|(address, name)| view! { " "<a href=address>{name}</a> })}</p>
                    {toast.hint.map(|hint| view! { <p class="toast-hint"><code>{hint}</code></p> })}
                </div>
                <button class="icon-button" aria-label="Put away" on:click=move |_| toasts.put_away(number)>
                    <Glyph icon=Icon::Failed/>
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <div role="status" aria-live="polite">
            <ul class="toasts">
                {each(move || toasts.shown.get(), |toast| toast.number.to_string(), draw)}
            </ul>
        </div>
    }
}
