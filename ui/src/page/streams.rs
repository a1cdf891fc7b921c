//! The streams: what each is for, how much stands where, and whether anybody watches it.

pub(super) mod lane;
mod new_stream;
mod row;

use leptos::prelude::*;
use sparkq_core::StreamId;
use sparkq_core::wire::{Activity, List, Session, Stream};

use super::fetched::Fetched;
use super::watchers::Watchers;
use crate::board::{Board, Face};
use crate::client;
use crate::kit::{Command, Glyph, Icon, Notice, PageHead};
use crate::live::Retry;
use crate::route;

/// Shows the streams, live.
#[component]
pub(crate) fn StreamsPage() -> impl IntoView {
    let board = Board::expect();
    let face = board.face();
    let making = RwSignal::new(false);
    let sessions = Fetched::follow(client::sessions::all, |event| {
        event.kind.as_str().starts_with("session.")
    });
    let choice = Choice::follow();
    let shown = choice.among(board);
    let tally = move || {
        let streams = board.streams();
        let streams = streams.read();
        let active = streams.iter().filter(|stream| is_active(stream)).count();
        format!("{active} active, {} ended", streams.len() - active)
    };
    let tally = Signal::derive(tally);
    let retry = StoredValue::new(Retry::expect());
    let watchers = Watchers::follow();
    view! {
        <PageHead title="Streams" tally>
            {filters(choice, sessions)}
            <button class="button primary" on:click=move |_| making.set(true)>
                <Glyph icon=Icon::Add/>"New stream"
            </button>
        </PageHead>
        {move || match face.get() {
            Face::Loading => {
                view! { <Notice icon=Icon::Spark title="Loading the streams…" busy=true/> }.into_any()
            }
            Face::Broken(reason) => view! {
                <Notice icon=Icon::Failed title="The streams cannot be shown">
                    <p>{reason}</p>
                    <button class="button" on:click=move |_| retry.with_value(Retry::now)>"Try again"</button>
                </Notice>
            }
            .into_any(),
            Face::Ready => list(board, choice, shown, watchers, making),
        }}
        {new_stream::dialog(making, sessions, choice.session)}
    }
}

/// Which streams the address asks for.
#[derive(Clone, Copy)]
struct Choice {
    /// Those of this session: id or name.
    session: Memo<Option<String>>,
    /// Ended ones too.
    all: Memo<bool>,
}

impl Choice {
    fn follow() -> Self {
        let all = route::asked_for("all");
        Self {
            session: route::asked_for("session"),
            all: Memo::new(move |_| all.read().is_some()),
        }
    }

    /// The streams that are asked for, in the board's order.
    fn among(self, board: Board) -> Memo<Vec<StreamId>> {
        Memo::new(move |_| {
            let (session, all) = (self.session.get(), self.all.get());
            let is_shown = |stream: &&Stream| {
                (all || is_active(stream))
                    && session
                        .as_deref()
                        .is_none_or(|session| is_of(stream, session))
            };
            board.streams().with(|streams| {
                let shown = streams.iter().filter(is_shown);
                shown.map(|stream| stream.id.clone()).collect()
            })
        })
    }
}

fn is_active(stream: &Stream) -> bool {
    stream.status == Activity::Active
}

/// Whether a stream belongs to a session, given by id or name.
fn is_of(stream: &Stream, session: &str) -> bool {
    stream.session_id.as_str() == session
        || stream.session_name.as_str().eq_ignore_ascii_case(session)
}

/// Spells the address of the streams of a session, with ended ones or without.
fn address(session: Option<&str>, all: bool) -> String {
    let all = if all { "1" } else { "" };
    let session = session.unwrap_or_default();
    route::with_query(route::STREAMS, &[("session", session), ("all", all)])
}

/// The way to narrow what is shown, kept in the address.
fn filters(choice: Choice, sessions: Fetched<List<Session>>) -> AnyView {
    let choose = move |event| {
        let chosen = event_target_value(&event);
        let chosen = Some(chosen.as_str()).filter(|name| !name.is_empty());
        route::go(&address(chosen, choice.all.get_untracked()));
    };
    let names = Memo::new(move |_| {
        let known = sessions.value().get().map(|sessions| sessions.items);
        let known = known.unwrap_or_default().into_iter();
        let mut names: Vec<_> = known.map(|session| session.name.to_string()).collect();
        let asked = choice.session.get();
        // Names of ended sessions may be taken again.
        names.sort_unstable();
        names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        let is_known = |asked: &String| names.iter().any(|name| name.eq_ignore_ascii_case(asked));
        names.extend(asked.filter(|asked| !is_known(asked)));
        names
    });
    let option = move |name: String| {
        let is_chosen = choice
            .session
            .get()
            .is_some_and(|chosen| chosen.eq_ignore_ascii_case(&name));
        view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
    };
    let other = move || address(choice.session.get().as_deref(), !choice.all.get());
    view! {
        <label class="session-filter">
            "Session"
            <select class="input" on:change=choose>
                <option value="" selected=move || choice.session.get().is_none()>"all"</option>
                {move || names.get().into_iter().map(option).collect_view()}
            </select>
        </label>
        <a class="button" href=other>
            {move || if choice.all.get() { "Hide ended" } else { "Show ended" }}
        </a>
    }
    .into_any()
}

fn list(
    board: Board,
    choice: Choice,
    shown: Memo<Vec<StreamId>>,
    watchers: Watchers,
    making: RwSignal<bool>,
) -> AnyView {
    let is_empty = Memo::new(move |_| shown.with(Vec::is_empty));
    let nothing = move || match choice.session.get() {
        Some(session) => nothing_of(&session, choice.all.get()),
        None => first_steps(board, making),
    };
    view! {
        <div class="frame">
            <Show when=move || !is_empty.get() fallback=nothing>
                <ul class="stream-rows">
                    <For each=move || shown.get() key=Clone::clone children=move |id| row::draw(board, id, watchers)/>
                </ul>
            </Show>
        </div>
    }
    .into_any()
}

fn nothing_of(session: &str, all: bool) -> AnyView {
    let kind = if all { "stream" } else { "active stream" };
    let with_ended = (!all).then(|| {
        let address = address(Some(session), true);
        view! { <a class="button" href=address>"Show ended ones too"</a> }
    });
    view! {
        <Notice icon=Icon::Empty title=format!("No {kind} in session {session}")>
            <p class="row">
                {with_ended}
                <a class="button" href=route::STREAMS>"Show those of all sessions"</a>
            </p>
        </Notice>
    }
    .into_any()
}

fn first_steps(board: Board, making: RwSignal<bool>) -> AnyView {
    let any = board.streams().with(|streams| !streams.is_empty());
    let title = if any {
        "No active stream"
    } else {
        "No streams yet"
    };
    view! {
        <Notice icon=Icon::Empty title>
            <p>"A stream is a lane of tasks, with instructions for whoever works on it."</p>
            <button class="button" on:click=move |_| making.set(true)><Glyph icon=Icon::Add/>"New stream"</button>
            <p>"Or in a terminal:"</p>
            <Command text="sparkq session create today"/>
            <Command text="sparkq stream create first --session today"/>
        </Notice>
    }
    .into_any()
}
