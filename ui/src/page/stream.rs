//! One stream: its instructions, its tasks, and whoever works on it.

mod draft;
mod end;
mod instructions;
mod rename;
mod worker;

use leptos::prelude::*;
use sparkq_core::wire::{Activity, Event, Stream};
use sparkq_core::{StreamId, limits};

use super::fetched::Fetched;
use super::streams::lane::handle;
use super::watchers::Watchers;
use crate::board::{Board, Row};
use crate::client;
use crate::kit::{Ago, CountLinks, Glyph, Icon, Notice, PageHead, TaskTable, seen_text};
use crate::route::{self, Place};

/// How many of its newest tasks are shown.
const NEWEST: usize = 12;

/// Below how many bytes that are left it is said how many.
const NEAR: usize = 16 << 10;

/// Shows the stream that the address names, live.
#[component]
pub(crate) fn StreamPage() -> impl IntoView {
    let given = route::named();
    let fetched = follow(given);
    // Whatever belongs to one stream goes when another one is shown.
    let id = Memo::new(move |_| {
        fetched
            .value()
            .with(|stream| stream.as_ref().map(|stream| stream.id.clone()))
    });
    let gone = Memo::new(move |_| {
        let refusal = fetched.refusal();
        let refusal = refusal.read();
        refusal.as_ref().is_some_and(client::NoAnswer::is_not_found)
    });
    move || {
        if gone.get() {
            return lost(&given.get());
        }
        fetched.faces("the stream", move || match id.get() {
            Some(id) => shown(id, fetched, given),
            None => ().into_any(),
        })
    }
}

/// Fetches the stream that is `given`, another one when another is, and again when an event is about it.
fn follow(given: Memo<String>) -> Fetched<Stream> {
    let known = StoredValue::new(None::<Stream>);
    let concerns = move |event: &Event| {
        let is_of = |stream: &Stream| match event.stream_id.as_ref() {
            Some(id) => *id == stream.id,
            None => event.session_id.as_ref() == Some(&stream.session_id),
        };
        event.task_id.is_none() && known.with_value(|known| known.as_ref().is_some_and(is_of))
    };
    let fetched = Fetched::follow(
        move || {
            let known = known.with_value(|known| known.as_ref().map(|known| known.id.to_string()));
            client::streams::one(known.unwrap_or_else(|| given.get_untracked()))
        },
        concerns,
    );
    Effect::new(move |_| known.set_value(fetched.value().get()));
    Effect::new(move |before: Option<String>| {
        let given = given.get();
        let is_known = |stream: &Stream| {
            stream.id.as_str() == given || stream.name.as_str().eq_ignore_ascii_case(&given)
        };
        // After a rename the address follows the stream.
        let stays = known.with_value(|known| known.as_ref().is_some_and(is_known));
        if before.is_some() && !stays && !given.is_empty() {
            known.set_value(None);
            fetched.anew();
        }
        given
    });
    fetched
}

fn lost(given: &str) -> AnyView {
    let given = seen_text(given);
    view! {
        <PageHead title=given.clone()/>
        <Notice icon=Icon::Warning title=format!("There is no stream {given}")>
            <p>"It may have been purged after it had ended, or its name may have changed."</p>
            <a class="button" href=route::STREAMS>"Show the streams"</a>
        </Notice>
    }
    .into_any()
}

/// What is shown of one stream; a handle, free to copy.
#[derive(Clone, Copy)]
struct Shown {
    fetched: Fetched<Stream>,
    id: StoredValue<StreamId>,
    stream: Memo<Stream>,
    name: Memo<String>,
    /// What it is asked for by.
    handle: Memo<String>,
    ended: Memo<bool>,
    watchers: Watchers,
}

impl Shown {
    /// Follows the stream `id`. Its counts are the board's, and of the rest what is newer.
    fn new(id: StreamId, fetched: Fetched<Stream>, first: Stream) -> Self {
        let board = Board::expect();
        let stored = StoredValue::new(id.clone());
        let stream = Memo::new(move |before: Option<&Stream>| {
            let fetched = fetched.value().get().filter(|stream| stream.id == id);
            let held = board.streams().with(|streams| {
                let held = streams.iter().find(|stream| stream.id == id);
                held.cloned()
            });
            newest(held, fetched).unwrap_or_else(|| before.unwrap_or(&first).clone())
        });
        Self {
            fetched,
            id: stored,
            stream,
            name: Memo::new(move |_| stream.read().name.to_string()),
            handle: Memo::new(move |_| {
                board
                    .streams()
                    .with(|streams| handle(&stream.read(), streams))
            }),
            ended: Memo::new(move |_| stream.read().status == Activity::Ended),
            watchers: Watchers::follow(),
        }
    }
}

/// Of a stream as the board holds it and as it was fetched, what is newer; with the board's counts, which are live.
fn newest(held: Option<Stream>, fetched: Option<Stream>) -> Option<Stream> {
    match (held, fetched) {
        (Some(held), Some(fetched)) if fetched.updated_at > held.updated_at => Some(Stream {
            counts: held.counts,
            ..fetched
        }),
        (Some(held), _) => Some(held),
        (None, fetched) => fetched,
    }
}

fn shown(id: StreamId, fetched: Fetched<Stream>, given: Memo<String>) -> AnyView {
    let Some(first) = fetched.value().get_untracked() else {
        return ().into_any();
    };
    let this = Shown::new(id, fetched, first);
    keep_address(this, given);
    view! {
        {head(this)}
        <div class="stream-page">
            {instructions::panel(this)}
            {worker::panel(this)}
        </div>
        {tasks(this)}
    }
    .into_any()
}

/// Has the address follow a name that changes.
fn keep_address(this: Shown, given: Memo<String>) {
    Effect::new(move |_| {
        let (handle, given) = (this.handle.get(), given.get_untracked());
        let is_id = this.id.with_value(|id| id.as_str() == given);
        if !is_id && !handle.eq_ignore_ascii_case(&given) {
            Place::here().replace(&route::stream(&handle));
        }
    });
}

fn head(this: Shown) -> AnyView {
    let renaming = RwSignal::new(false);
    let ending = RwSignal::new(false);
    let session = Memo::new(move |_| this.stream.read().session_name.to_string());
    let in_session = move || route::with_query(route::STREAMS, &[("session", &session.read())]);
    let made = this.stream.with_untracked(|stream| stream.created_at);
    let enqueue = move || route::with_query(route::ENQUEUE, &[("stream", &this.handle.read())]);
    let counts = Memo::new(move |_| this.stream.read().counts);
    view! {
        <PageHead title=this.name>
            <Show when=move || !this.ended.get()>
                <a class="button" href=enqueue><Glyph icon=Icon::Add/>"Enqueue here"</a>
            </Show>
            <button class="button" data-act="rename" on:click=move |_| renaming.set(true)>"Rename"</button>
            {end::button(this, ending)}
        </PageHead>
        <div class="stream-facts">
            {move || this.ended.get().then(|| view! {
                <strong class="ended-word"><Glyph icon=Icon::Empty/>"Ended: takes and hands out no tasks"</strong>
            })}
            <span>"session "<a href=in_session>{session}</a></span>
            <span>"made "<Ago at=made/></span>
            <CountLinks counts stream=this.handle/>
        </div>
        {rename::dialog(this, renaming)}
        {end::dialog(this, ending)}
    }
    .into_any()
}

/// Its newest tasks, as far as the board holds them.
fn tasks(this: Shown) -> AnyView {
    let newest = Board::expect().tasks_of(Memo::new(|_| None));
    let rows = Memo::new(move |_| {
        let rows = newest.read();
        let is_here = |row: &&Row| {
            let stream = row.task.with_untracked(|task| task.stream_id.clone());
            this.id.with_value(|id| *id == stream)
        };
        rows.iter()
            .filter(is_here)
            .take(NEWEST)
            .cloned()
            .collect::<Vec<_>>()
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let any = Memo::new(move |_| {
        let counts = this.stream.read().counts;
        sparkq_core::Status::ALL
            .into_iter()
            .any(|status| counts.of(status) > 0)
    });
    let all = move || route::with_query(route::TASKS, &[("stream", &this.handle.read())]);
    let nothing = move || {
        let title = if any.get() {
            "None of its tasks is among the newest"
        } else {
            "No tasks yet"
        };
        view! { <Notice icon=Icon::Empty title/> }
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Newest tasks"</h2>
                <a href=all>"All its tasks"</a>
            </div>
            <div class="frame">
                <Show when=move || !is_empty.get() fallback=nothing>
                    <TaskTable rows/>
                </Show>
            </div>
        </section>
    }
    .into_any()
}

/// Says how many bytes are left for instructions, once that matters.
pub(super) fn room(text: RwSignal<String>) -> AnyView {
    let said = Memo::new(move |_| spell_room(text.read().len()));
    view! {
        <p class="room" role="status" data-over=move || (text.read().len() > limits::INSTRUCTIONS).then_some("")>
            {said}
        </p>
    }
    .into_any()
}

fn spell_room(taken: usize) -> Option<String> {
    match limits::INSTRUCTIONS.checked_sub(taken) {
        None => Some(format!(
            "{} bytes too many: 256 KiB is the most.",
            taken - limits::INSTRUCTIONS
        )),
        Some(1) => Some("1 byte left of 256 KiB.".to_owned()),
        Some(left) if left <= NEAR => Some(format!("{left} bytes left of 256 KiB.")),
        Some(_) => None,
    }
}
