//! The sessions: what each is about, and how much of it is still going on.

mod edit;
mod end;

use leptos::prelude::*;
use sparkq_core::wire::{Activity, EditSession, List, Session, Stream};
use sparkq_core::{Name, SessionId};

use super::attempt::Attempt;
use super::fetched::Fetched;
use crate::board::Board;
use crate::client;
use crate::kit::{Ago, Command, Glyph, Icon, Notice, PageHead, Toasts, focus_if_lost};
use crate::route;
use crate::words::counted;

/// What the dialogs of the page are about; a handle, free to copy.
#[derive(Clone, Copy)]
struct Page {
    sessions: Fetched<List<Session>>,
    /// Whether ended ones are shown too.
    all: Memo<bool>,
    /// The session that is edited, or a new one.
    editing: RwSignal<Option<SessionId>>,
    edit: RwSignal<bool>,
    /// The session that is about to end.
    ending: RwSignal<Option<SessionId>>,
    end: RwSignal<bool>,
}

impl Page {
    fn session(self, id: &SessionId) -> Option<Session> {
        self.sessions.value().with(|sessions| {
            let mut sessions = sessions.as_ref()?.items.iter();
            sessions.find(|session| session.id == *id).cloned()
        })
    }

    /// The names that active sessions have, but for `own`.
    fn taken(self, own: Option<&SessionId>) -> Vec<Name> {
        self.sessions.value().with(|sessions| {
            let sessions = sessions.iter().flat_map(|sessions| &sessions.items);
            let others = sessions.filter(|session| is_active(session) && Some(&session.id) != own);
            others.map(|session| session.name.clone()).collect()
        })
    }

    /// Takes over a session as a change was answered with.
    fn take_over(self, session: Session) {
        let Some(mut sessions) = self.sessions.held() else {
            return;
        };
        let mut held = sessions.items.iter_mut();
        if let Some(held) = held.find(|held| held.id == session.id) {
            *held = session;
        } else {
            sessions.items.insert(0, session);
            sessions.total += 1;
        }
        self.sessions.take_over(sessions);
    }
}

fn is_active(session: &Session) -> bool {
    session.status == Activity::Active
}

/// Shows the sessions, live.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    let asked = route::asked_for("all");
    let page = Page {
        sessions: Fetched::follow(client::sessions::all, |event| {
            event.kind.as_str().starts_with("session.")
        }),
        all: Memo::new(move |_| asked.read().is_some()),
        editing: RwSignal::new(None),
        edit: RwSignal::new(false),
        ending: RwSignal::new(None),
        end: RwSignal::new(false),
    };
    let tally = Signal::derive(move || {
        let sessions = page.sessions.value();
        let sessions = sessions.read();
        let Some(sessions) = sessions.as_ref() else {
            return String::new();
        };
        let shown = sessions.items.len();
        let active = sessions
            .items
            .iter()
            .filter(|session| is_active(session))
            .count();
        let ended = shown - active;
        if (shown as u64) < sessions.total {
            format!(
                "{active} active, {ended} ended among the newest {shown} of {}",
                sessions.total
            )
        } else {
            format!("{active} active, {ended} ended")
        }
    });
    let other = move || {
        let all = if page.all.get() { "" } else { "1" };
        route::with_query(route::SESSIONS, &[("all", all)])
    };
    let create = move |_| {
        page.editing.set(None);
        page.edit.set(true);
    };
    view! {
        <PageHead title="Sessions" tally>
            <a class="button" href=other>
                {move || if page.all.get() { "Hide ended" } else { "Show ended" }}
            </a>
            <button class="button primary" on:click=create><Glyph icon=Icon::Add/>"New session"</button>
        </PageHead>
        {page.sessions.faces("the sessions", move || list(page))}
        {edit::dialog(page)}
        {end::dialog(page)}
    }
}

fn list(page: Page) -> AnyView {
    let shown = Memo::new(move |_| {
        page.sessions.value().with(|sessions| {
            let sessions = sessions.iter().flat_map(|sessions| &sessions.items);
            let mut shown: Vec<_> = sessions
                .filter(|session| page.all.get() || is_active(session))
                .collect();
            shown.sort_by_key(|session| !is_active(session));
            shown
                .into_iter()
                .map(|session| session.id.clone())
                .collect::<Vec<_>>()
        })
    });
    let is_empty = Memo::new(move |_| shown.with(Vec::is_empty));
    let nothing = move || {
        view! {
            <Notice icon=Icon::Empty title=if page.all.get() { "No sessions yet" } else { "No active session" }>
                <p>"A session is a period of work; its streams hold the tasks."</p>
                <Command text="sparkq session create today"/>
            </Notice>
        }
    };
    view! {
        <div class="frame">
            <Show when=move || !is_empty.get() fallback=nothing>
                <ul class="stream-rows">
                    <For each=move || shown.get() key=Clone::clone children=move |id| row(page, id)/>
                </ul>
            </Show>
        </div>
    }
    .into_any()
}

fn row(page: Page, id: SessionId) -> AnyView {
    let Some(first) = page.session(&id) else {
        return ().into_any();
    };
    let key = id.to_string();
    let id = StoredValue::new(id);
    let began = first.started_at;
    let session = Memo::new(move |before: Option<&Session>| {
        let found = id.with_value(|id| page.session(id));
        found.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let name = Memo::new(move |_| session.read().name.to_string());
    let about = Memo::new(move |_| session.read().description.clone());
    let ended = Memo::new(move |_| !is_active(&session.read()));
    let ended_at = Memo::new(move |_| session.read().ended_at.filter(|_| ended.get()));
    let streams = streams_of(id);
    let in_session = move || {
        let all = if ended.get() { "1" } else { "" };
        route::with_query(route::STREAMS, &[("session", &key), ("all", all)])
    };
    let edit = move |_| {
        page.editing.set(Some(id.get_value()));
        page.edit.set(true);
    };
    view! {
        <li class="stream-row session-row" data-session=name data-ended=move || ended.get().then_some("")>
            <div class="stream-row-head">
                <a class="stream-row-name" data-row="" href=in_session>{name}</a>
                {move || ended.get().then(|| view! { <span class="ended">"ended"</span> })}
                <span class="stream-row-session">
                    {streams}", since "<Ago at=began/>
                    {move || ended_at.get().map(|at| view! { ", ended "<Ago at/> })}
                </span>
            </div>
            <p class="stream-row-beginning">{about}</p>
            <div class="row stream-row-actions">
                <button class="button" data-act="edit" on:click=edit>"Edit"</button>
                {end_or_reopen(page, id, ended)}
            </div>
        </li>
    }
    .into_any()
}

/// Says how many streams a session has, as the board holds them.
fn streams_of(id: StoredValue<SessionId>) -> Memo<String> {
    let board = Board::expect();
    Memo::new(move |_| {
        board.streams().with(|streams| {
            let is_of = |stream: &&Stream| id.with_value(|id| stream.session_id == *id);
            let (mut active, mut all) = (0, 0);
            for stream in streams.iter().filter(is_of) {
                all += 1;
                active += u64::from(stream.status == Activity::Active);
            }
            match (active, all) {
                (_, 0) => "no streams".to_owned(),
                (active, all) if active == all => counted(all, "active stream"),
                (0, all) => format!("{}, none active", counted(all, "stream")),
                (active, all) => format!("{}, {active} active", counted(all, "stream")),
            }
        })
    })
}

fn end_or_reopen(page: Page, id: StoredValue<SessionId>, ended: Memo<bool>) -> AnyView {
    let attempt = Attempt::told_in_toasts();
    let toasts = Toasts::expect();
    let reopen = move || {
        let edit = EditSession {
            status: Some(Activity::Active),
            ..EditSession::default()
        };
        let change = client::sessions::edit(id.with_value(ToString::to_string), edit);
        let button = id.with_value(|id| format!("#end-{id}"));
        attempt.start(change, move |session| {
            toasts.say(format!(
                "Session {} is open again, with the streams that ended with it.",
                session.name
            ));
            page.take_over(session);
            // The row has gone to its place among the others, and lost the focus by that.
            focus_if_lost(button);
        });
    };
    let click = move |_| {
        if ended.get_untracked() {
            reopen();
        } else {
            page.ending.set(Some(id.get_value()));
            page.end.set(true);
        }
    };
    let own = id.with_value(|id| format!("end-{id}"));
    view! {
        <button
            class="button"
            class:danger=move || !ended.get()
            id=own
            data-act="end"
            aria-disabled=move || attempt.is_busy().then_some("true")
            on:click=click
        >
            {move || if ended.get() { "Reopen" } else { "End…" }}
        </button>
    }
    .into_any()
}
