//! The form that makes a session, or changes its name and what it is about.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sparkq_core::limits;
use sparkq_core::wire::{EditSession, NewSession, Session};

use super::{Page, is_active};
use crate::client::{self, Asked};
use crate::kit::{Dialog, NameField, Toasts, is_name};
use crate::page::attempt::Attempt;

/// Shows the form over the page while the page says so.
pub(super) fn dialog(page: Page) -> AnyView {
    let name = RwSignal::new(String::new());
    let about = RwSignal::new(String::new());
    let attempt = Attempt::told_in_form();
    let toasts = Toasts::expect();
    let edited = move || page.editing.get().and_then(|id| page.session(&id));
    Effect::new(move |_| {
        if page.edit.get() {
            let session = untrack(edited);
            name.set(
                session
                    .as_ref()
                    .map(|session| session.name.to_string())
                    .unwrap_or_default(),
            );
            about.set(
                session
                    .map(|session| session.description)
                    .unwrap_or_default(),
            );
        }
    });
    // The name of an ended session may be another's by now.
    let taken = Memo::new(move |_| match edited() {
        Some(session) if !is_active(&session) => Vec::new(),
        _ => page.taken(page.editing.get().as_ref()),
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        attempt.start(send(page, name, about), move |session: Session| {
            page.edit.set(false);
            toasts.say(format!("Session {} is saved.", session.name));
            page.take_over(session);
        });
    };
    let is_ready = move || {
        is_name(&name.read(), &taken.read())
            && about.read().len() <= limits::DESCRIPTION
            && !attempt.is_busy()
    };
    let title = Signal::derive(move || {
        let is_new = page.editing.read().is_none();
        if is_new {
            "New session"
        } else {
            "Edit the session"
        }
        .to_owned()
    });
    view! {
        <Dialog open=page.edit title>
            <form on:submit=submit>
                {attempt.told()}
                <NameField id="session-name" label="Name" value=name taken/>
                <div class="labelled">
                    <label for="session-about">"What it is about (optional)"</label>
                    <textarea
                        id="session-about"
                        class="input"
                        rows="4"
                        prop:value=about
                        on:input=move |event| about.set(event_target_value(&event))
                    ></textarea>
                    <p class="problem" aria-live="polite">
                        {move || (about.read().len() > limits::DESCRIPTION).then_some("64 KiB is the most.")}
                    </p>
                </div>
                <p class="row">
                    <button class="button primary" disabled=move || !is_ready()>"Save"</button>
                    <button class="button" type="button" on:click=move |_| page.edit.set(false)>"Cancel"</button>
                </p>
            </form>
        </Dialog>
    }
    .into_any()
}

async fn send(page: Page, name: RwSignal<String>, about: RwSignal<String>) -> Asked<Session> {
    let (name, description) = (name.get_untracked(), about.get_untracked());
    match page.editing.get_untracked() {
        None => client::sessions::create(NewSession { name, description }).await,
        Some(id) => {
            let edit = EditSession {
                name: Some(name),
                description: Some(description),
                status: None,
            };
            client::sessions::edit(id.to_string(), edit).await
        }
    }
}
