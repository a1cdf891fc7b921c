//! The form that makes a stream, and its session where that is new too.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sparkq_core::wire::{Activity, List, NewSession, NewStream, Session, Stream};
use sparkq_core::{Name, limits};

use crate::board::Board;
use crate::client::{self, Asked};
use crate::kit::{Dialog, Markdown, NameField, Toasts, in_shell, is_name};
use crate::page::attempt::Attempt;
use crate::page::fetched::Fetched;
use crate::page::stream::room;
use crate::route;
use crate::shell;

/// What stands in the form; a handle, free to copy.
#[derive(Clone, Copy)]
struct Form {
    sessions: Memo<Vec<Session>>,
    name: RwSignal<String>,
    taken: Memo<Vec<Name>>,
    /// The id of the session that is chosen; empty for a new one.
    session: RwSignal<String>,
    new_session: RwSignal<String>,
    taken_sessions: Memo<Vec<Name>>,
    instructions: RwSignal<String>,
    attempt: Attempt,
}

/// Shows the form over the page while `open` holds. `preferred` is the session that the page is about.
pub(super) fn dialog(
    open: RwSignal<bool>,
    sessions: Fetched<List<Session>>,
    preferred: Memo<Option<String>>,
) -> AnyView {
    let form = Form::new(sessions);
    Effect::new(move |_| {
        if open.get() {
            form.start_over(preferred.get_untracked());
        }
    });
    let toasts = Toasts::expect();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.attempt.start(form.make(), move |stream: Stream| {
            toasts.say(format!("Stream {} is there.", stream.name));
            // Whoever has left the form meanwhile stays where they are.
            if open.try_get_untracked() == Some(true) {
                open.set(false);
                route::go(&route::stream(stream.name.as_str()));
            }
        });
    };
    view! {
        <Dialog open title="New stream">
            <form on:submit=submit>
                {form.attempt.told()}
                <NameField id="stream-name" label="Name" value=form.name taken=form.taken/>
                {form.session_field()}
                {form.instructions_field()}
                {in_shell(Signal::derive(move || form.command()))}
                <p class="row">
                    <button class="button primary" disabled=move || !form.is_ready()>"Create"</button>
                    <button class="button" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
                </p>
            </form>
        </Dialog>
    }
    .into_any()
}

impl Form {
    fn new(sessions: Fetched<List<Session>>) -> Self {
        let board = Board::expect();
        let sessions = Memo::new(move |_| {
            let sessions = sessions.value().get().map(|list| list.items);
            let active = sessions.into_iter().flatten();
            active
                .filter(|session| session.status == Activity::Active)
                .collect::<Vec<_>>()
        });
        let taken = move |_: Option<&Vec<Name>>| {
            board.streams().with(|streams| {
                let active = streams.iter().filter(|stream| super::is_active(stream));
                active.map(|stream| stream.name.clone()).collect()
            })
        };
        let names = move |_: Option<&Vec<Name>>| {
            let sessions = sessions.read();
            sessions
                .iter()
                .map(|session| session.name.clone())
                .collect()
        };
        Self {
            sessions,
            name: RwSignal::new(String::new()),
            taken: Memo::new(taken),
            session: RwSignal::new(String::new()),
            new_session: RwSignal::new(String::new()),
            taken_sessions: Memo::new(names),
            instructions: RwSignal::new(String::new()),
            attempt: Attempt::told_in_form(),
        }
    }

    fn start_over(self, preferred: Option<String>) {
        let is_preferred = |session: &&Session| {
            preferred.as_deref().is_some_and(|preferred| {
                session.id.as_str() == preferred
                    || session.name.as_str().eq_ignore_ascii_case(preferred)
            })
        };
        let session = self.sessions.with_untracked(|sessions| {
            let chosen = sessions.iter().find(is_preferred).or(sessions.first());
            chosen.map(|session| session.id.to_string())
        });
        self.session.set(session.unwrap_or_default());
        for field in [self.name, self.new_session, self.instructions] {
            field.set(String::new());
        }
    }

    fn is_new_session(self) -> bool {
        self.session.read().is_empty()
    }

    fn is_ready(self) -> bool {
        let has_session = !self.is_new_session()
            || is_name(&self.new_session.read(), &self.taken_sessions.read());
        has_session
            && is_name(&self.name.read(), &self.taken.read())
            && self.instructions.read().len() <= limits::INSTRUCTIONS
            && !self.attempt.is_busy()
    }

    /// Makes the session, where it is new, and the stream: as the form stands now, also when it is left meanwhile.
    fn make(self) -> impl Future<Output = Asked<Stream>> + use<> {
        let session = NewSession {
            name: self.new_session.get_untracked(),
            description: String::new(),
        };
        let mut stream = NewStream {
            name: self.name.get_untracked(),
            session_id: self.session.get_untracked(),
            instructions: self.instructions.get_untracked(),
        };
        async move {
            if stream.session_id.is_empty() {
                let session = client::sessions::create(session).await?;
                stream.session_id = session.body.id.to_string();
                // When the stream is refused, its session is there already.
                self.session.try_set(stream.session_id.clone());
            }
            client::streams::create(stream).await
        }
    }

    /// Spells the commands that do the same.
    fn command(self) -> String {
        let named = |name: String| match name.trim() {
            "" => "NAME".to_owned(),
            name => shell::quoted(name),
        };
        let (mut command, session) = if self.is_new_session() {
            let session = named(self.new_session.get());
            (format!("sparkq session create {session}\n"), session)
        } else {
            let sessions = self.sessions.read();
            let id = self.session.read();
            let chosen = sessions.iter().find(|session| session.id.as_str() == *id);
            let name = chosen.map(|session| session.name.to_string());
            (String::new(), name.unwrap_or_default())
        };
        let name = named(self.name.get());
        command.extend(["sparkq stream create ", &name, " --session ", &session]);
        let instructions = self.instructions.read();
        if !instructions.trim().is_empty() {
            command.extend([" --instructions ", &shell::text(&instructions)]);
        }
        command
    }

    fn session_field(self) -> AnyView {
        let option = move |session: Session| {
            let id = session.id.to_string();
            let is_chosen = *self.session.read() == id;
            view! { <option value=id selected=is_chosen>{session.name.to_string()}</option> }
        };
        view! {
            <div class="labelled">
                <label for="stream-session">"Session"</label>
                <select
                    id="stream-session"
                    class="input"
                    on:change=move |event| self.session.set(event_target_value(&event))
                >
                    {move || self.sessions.get().into_iter().map(option).collect_view()}
                    <option value="" selected=move || self.is_new_session()>"New session…"</option>
                </select>
            </div>
            <Show when=move || self.is_new_session()>
                <NameField
                    id="session-name"
                    label="Name of the new session"
                    value=self.new_session
                    taken=self.taken_sessions
                />
            </Show>
        }
        .into_any()
    }

    fn instructions_field(self) -> AnyView {
        let text = self.instructions;
        let any = Memo::new(move |_| !text.read().trim().is_empty());
        view! {
            <div class="labelled">
                <label for="stream-instructions">"Instructions, in Markdown (optional)"</label>
                <textarea
                    id="stream-instructions"
                    class="input"
                    rows="7"
                    prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
                {room(text)}
                <Show when=move || any.get()>
                    <details class="written-preview">
                        <summary>"Preview"</summary>
                        <Markdown text/>
                    </details>
                </Show>
            </div>
        }
        .into_any()
    }
}
