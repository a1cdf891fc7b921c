//! Tells whether anybody can see the tab, and when it is worth another try.

use futures_channel::mpsc::UnboundedSender;
use leptos::prelude::*;

use super::Input;

/// Whether the tab is out of sight.
pub(super) fn is_hidden() -> bool {
    document().hidden()
}

/// Tells `inbox` from now on.
pub(super) fn watch(inbox: &UnboundedSender<Input>) {
    // `pageshow` comes to a page that is taken from the browser's history, `online` to a machine that wakes.
    for event in ["visibilitychange", "pageshow", "online"] {
        let inbox = inbox.clone();
        window_event_listener_untyped(event, move |_| {
            let input = if is_hidden() {
                Input::Hidden
            } else {
                Input::Shown
            };
            // Nobody listens only when the page is going away.
            let _ = inbox.unbounded_send(input);
        });
    }
    let inbox = inbox.clone();
    window_event_listener_untyped("pagehide", move |_| {
        let _ = inbox.unbounded_send(Input::Left);
    });
}
