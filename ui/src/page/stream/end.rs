//! The end of a stream, and its reopening.

use leptos::prelude::*;
use sparkq_core::wire::{Activity, EditStream};

use super::Shown;
use crate::client;
use crate::kit::{Command, Dialog, Toasts, in_shell};
use crate::page::attempt::{Attempt, changed_since};
use crate::words::{are, counted, stay_queued};

/// The button that ends the stream, once that is confirmed, or reopens it.
pub(super) fn button(this: Shown, ending: RwSignal<bool>) -> AnyView {
    let attempt = Attempt::told_in_toasts();
    let toasts = Toasts::expect();
    let reopen = move || {
        let change = client::streams::edit(id(this), to(Activity::Active));
        attempt.start(change, move |stream| {
            toasts.say(format!("Stream {} is open again.", stream.name));
            this.fetched.take_over(stream);
        });
    };
    // One button, so that the focus stays on it.
    let click = move |_| {
        if this.ended.get_untracked() {
            reopen();
        } else {
            ending.set(true);
        }
    };
    view! {
        <button
            class="button"
            class:primary=this.ended
            class:danger=move || !this.ended.get()
            data-act="end"
            aria-disabled=move || attempt.is_busy().then_some("true")
            on:click=click
        >
            {move || if this.ended.get() { "Reopen" } else { "End…" }}
        </button>
    }
    .into_any()
}

/// Says what an end comes to, and asks whether it is meant, while `open` holds.
pub(super) fn dialog(this: Shown, open: RwSignal<bool>) -> AnyView {
    let attempt = Attempt::told_in_form();
    let toasts = Toasts::expect();
    let end = move |_| {
        let change = client::streams::edit(id(this), to(Activity::Ended));
        attempt.start(change, move |stream| {
            open.set(false);
            toasts.say(format!("Stream {} has ended.", stream.name));
            this.fetched.take_over(stream);
        });
    };
    let title = Signal::derive(move || format!("End stream {}?", this.name.read()));
    let counts = Memo::new(move |_| this.stream.read().counts);
    let at_stake = Memo::new(move |_| (counts.get().queued, counts.get().running));
    let queued = move || match counts.get().queued {
        0 => "No task is queued in it.".to_owned(),
        queued => stay_queued(queued, "stream"),
    };
    let running = move || match counts.get().running {
        0 => "None is running.".to_owned(),
        running => format!(
            "{} {} running, and can still be completed or failed.",
            counted(running, "task"),
            are(running)
        ),
    };
    view! {
        <Dialog open title>
            {attempt.told()}
            <p>"An ended stream takes no new tasks and hands out none. "{queued}" "{running}</p>
            <Show when=move || counts.get().queued != 0>
                <p>"To have a queued one done elsewhere, move it with its id:"</p>
                <p><Command text="sparkq requeue TASK --stream OTHER"/></p>
            </Show>
            {changed_since(open, at_stake)}
            {in_shell(Signal::derive(move || format!("sparkq stream end {}", this.name.read())))}
            <p class="row">
                <button class="button danger" aria-disabled=move || attempt.is_busy().then_some("true") on:click=end>"End the stream"</button>
                <button class="button" autofocus on:click=move |_| open.set(false)>"Keep it open"</button>
            </p>
        </Dialog>
    }
    .into_any()
}

fn id(this: Shown) -> String {
    this.id.with_value(ToString::to_string)
}

fn to(status: Activity) -> EditStream {
    EditStream {
        status: Some(status),
        ..EditStream::default()
    }
}
