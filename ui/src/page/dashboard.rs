//! The dashboard: how much stands where, the streams, and the newest tasks.

use leptos::prelude::*;
use sparkq_core::wire::Stream;

use crate::board::{Board, Face};
use crate::kit::{CountTiles, Icon, LeftAlone, Notice, StreamList, TaskTable};
use crate::live::Retry;
use crate::route;

/// Shows the queue, live.
#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    let board = Board::expect();
    let face = board.face();
    view! {
        <h1 class="unseen">"Dashboard"</h1>
        {move || match face.get() {
            Face::Loading => view! { <Notice icon=Icon::Spark title="Loading the queue…" busy=true/> }.into_any(),
            Face::Broken(reason) => view! { <Broken reason/> }.into_any(),
            Face::Ready => view! { <Queue board/> }.into_any(),
        }}
    }
}

#[component]
fn Broken(reason: String) -> impl IntoView {
    let retry = Retry::expect();
    view! {
        <Notice icon=Icon::Failed title="The queue cannot be shown">
            <p>{reason}</p>
            <button class="button" on:click=move |_| retry.now()>"Try again"</button>
        </Notice>
    }
}

#[component]
fn Queue(board: Board) -> impl IntoView {
    let streams = board.streams();
    let chosen = route::stream_filter();
    let has_streams = Memo::new(move |_| streams.with(|streams| !streams.is_empty()));
    view! {
        <CountTiles counts=board.counts() stale=board.stale()/>
        <LeftAlone faults=board.left_alone()/>
        <Show when=move || has_streams.get()>
            <section class="panel">
                <div class="panel-head">
                    <h2>"Streams"</h2>
                    {move || chosen.get().is_some().then(|| view! { <a href=route::dashboard(None)>"Show all"</a> })}
                </div>
                <StreamList streams chosen/>
            </section>
        </Show>
        <section class="panel">
            <div class="panel-head">
                <h2>{move || chosen.get().map_or_else(|| "Tasks".to_owned(), |name| format!("Tasks of {name}"))}</h2>
                <Tally board chosen/>
            </div>
            <Tasks board chosen/>
        </section>
    }
}

/// Says how many tasks there are, and how many of them are shown.
#[component]
fn Tally(board: Board, chosen: Memo<Option<String>>) -> impl IntoView {
    let (rows, total) = (board.tasks_of(chosen), board.total_of(chosen));
    let text = move || match (rows.with(Vec::len), total.get()) {
        (shown, total) if (shown as u64) < total => {
            format!("showing the newest {shown} of {total}")
        }
        (_, 0) => String::new(),
        (_, 1) => "1 task".to_owned(),
        (_, total) => format!("{total} tasks"),
    };
    view! { <span class="tally">{text}</span> }
}

#[component]
fn Tasks(board: Board, chosen: Memo<Option<String>>) -> impl IntoView {
    let rows = board.tasks_of(chosen);
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let nothing = move || {
        let name = chosen.get();
        let streams = board.streams().get();
        match name {
            Some(name)
                if !streams
                    .iter()
                    .any(|stream| stream.name.as_str().eq_ignore_ascii_case(&name)) =>
            {
                view! {
                    <Notice icon=Icon::Warning title=format!("There is no stream {name}")>
                        <p><a href=route::dashboard(None)>"Show all tasks"</a></p>
                    </Notice>
                }
                .into_any()
            }
            Some(name) if board.total_of(chosen).get() > 0 => view! {
                <Notice icon=Icon::Empty title=format!("No task of {name} is among the newest")>
                    <p>"See them all: "<code>{format!("sparkq tasks --stream {name}")}</code></p>
                </Notice>
            }
            .into_any(),
            name => view! { <NoTasks commands=first_steps(name.as_deref(), &streams)/> }.into_any(),
        }
    };
    view! {
        <div class="frame">
            <Show when=move || !is_empty.get() fallback=nothing>
                <TaskTable rows/>
            </Show>
        </div>
    }
}

#[component]
fn NoTasks(commands: String) -> impl IntoView {
    view! {
        <Notice icon=Icon::Empty title="No tasks yet">
            <p>"Queue one:"</p>
            <pre><code>{commands}</code></pre>
        </Notice>
    }
}

/// The commands that lead from here to a first task.
fn first_steps(chosen: Option<&str>, streams: &[Stream]) -> String {
    let name = chosen.or_else(|| streams.first().map(|stream| stream.name.as_str()));
    let enqueue = |name: &str| {
        format!(
            "sparkq enqueue run-bash '{{\"script_path\":\"scripts/hello.sh\"}}' --stream {name}"
        )
    };
    match name {
        Some(name) => enqueue(name),
        None => format!(
            "sparkq session create today\nsparkq stream create first --session today\n{}",
            enqueue("first")
        ),
    }
}
