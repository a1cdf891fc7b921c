//! The form that makes a session, or changes its name and what it is about.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sparkq_core::limits;
use sparkq_core::wire::{EditSession, NewSession, Session};

use super::{Page, is_active};
use crate::client::{self, Asked};
use crate::kit::{Dialog, NameField, Toasts, in_shell, is_name};
use crate::page::attempt::Attempt;
use crate::shell;

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
    let command = Signal::derive(move || command(edited(), &name.read(), &about.read()));
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
                {in_shell(command)}
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

/// Spells the command that makes the session, or changes of `session` what is another now; nothing where nothing is.
fn command(session: Option<Session>, name: &str, about: &str) -> String {
    let shown = if name.is_empty() { "NAME" } else { name };
    let (mut command, old) = match session {
        None => {
            let command = format!("sparkq session create {}", shell::quoted(shown));
            (command, String::new())
        }
        Some(session) => {
            if session.name.as_str() == name && session.description == about {
                return String::new();
            }
            // The name of an ended one may be another's by now.
            let called = if is_active(&session) {
                session.name.to_string()
            } else {
                session.id.to_string()
            };
            let mut command = format!("sparkq session edit {called}");
            if session.name.as_str() != name {
                command.extend([" --name ", &shell::quoted(shown)]);
            }
            (command, session.description)
        }
    };
    if old != about {
        command.extend([" --description ", &shell::text(about)]);
    }
    command
}

#[cfg(test)]
mod tests {
    use sparkq_core::wire::Activity;

    use super::*;

    #[test]
    fn the_command_names_what_is_another_and_nothing_else() {
        let session = serde_json::json!({
            "id": "ses_1a2b3c4d", "name": "today", "description": "Login", "status": "active", "active_streams": 0,
            "started_at": "2026-01-01T00:00:00.000Z", "created_at": "2026-01-01T00:00:00.000Z",
            "updated_at": "2026-01-01T00:00:00.000Z",
        });
        let session: Session = serde_json::from_value(session).expect("a session");
        let edit = |name, about| command(Some(session.clone()), name, about);
        assert_eq!(edit("today", "Login"), "");
        assert_eq!(
            edit("later", ""),
            "sparkq session edit today --name later --description ''"
        );
        let ended = Session {
            status: Activity::Ended,
            ..session.clone()
        };
        assert_eq!(
            command(Some(ended), "today", ""),
            "sparkq session edit ses_1a2b3c4d --description ''"
        );
        assert_eq!(command(None, "", ""), "sparkq session create NAME");
        assert_eq!(
            command(None, "a", "@b"),
            "sparkq session create a --description @@b"
        );
    }
}
