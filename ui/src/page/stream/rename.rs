//! Another name for a stream.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sparkq_core::Name;
use sparkq_core::wire::{Activity, EditStream, Stream};

use super::Shown;
use crate::board::Board;
use crate::client;
use crate::kit::{Dialog, NameField, Toasts, in_shell, is_name};
use crate::page::attempt::Attempt;
use crate::shell::quoted;

/// Asks for the name over the page while `open` holds.
pub(super) fn dialog(this: Shown, open: RwSignal<bool>) -> AnyView {
    let board = Board::expect();
    let name = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            name.set(this.name.get_untracked());
        }
    });
    let taken = Memo::new(move |_| -> Vec<Name> {
        let is_other = |stream: &&Stream| {
            stream.status == Activity::Active && this.id.with_value(|id| stream.id != *id)
        };
        board.streams().with(|streams| {
            let others = streams.iter().filter(is_other);
            others.map(|stream| stream.name.clone()).collect()
        })
    });
    let attempt = Attempt::told_in_form();
    let toasts = Toasts::expect();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let edit = EditStream {
            name: Some(name.get_untracked()),
            ..EditStream::default()
        };
        let id = this.id.with_value(ToString::to_string);
        attempt.start(client::streams::edit(id, edit), move |stream| {
            open.set(false);
            toasts.say(format!("The stream is called {} now.", stream.name));
            this.fetched.take_over(stream);
        });
    };
    let command = Signal::derive(move || {
        let wanted = name.get();
        let wanted = if wanted.is_empty() { "NAME" } else { &wanted };
        // The name of an ended one may be another's by now.
        let called = if this.ended.get() {
            this.id.with_value(ToString::to_string)
        } else {
            this.name.get()
        };
        format!("sparkq stream edit {called} --name {}", quoted(wanted))
    });
    let is_ready = move || {
        let name = name.read();
        is_name(&name, &taken.read()) && *name != *this.name.read() && !attempt.is_busy()
    };
    view! {
        <Dialog open title="Rename the stream">
            <form on:submit=submit>
                {attempt.told()}
                <NameField id="new-name" label="New name" value=name taken/>
                <p class="faint">"Workers that wait for it by its old name have to be started with the new one."</p>
                {in_shell(command)}
                <p class="row">
                    <button class="button primary" disabled=move || !is_ready()>"Rename"</button>
                    <button class="button" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
                </p>
            </form>
        </Dialog>
    }
    .into_any()
}
