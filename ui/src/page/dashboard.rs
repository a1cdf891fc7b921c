//! The dashboard: what needs a person first, then the streams and what they are at, then how it went over time.

mod lanes;
mod needs;
mod recent;
mod trends;
mod watch;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::{Status, TaskId};

use self::lanes::lanes;
use self::needs::needs;
use self::recent::recent;
use self::trends::trends;
use self::watch::Watch;
use crate::board::{Board, Face, News};
use crate::client::queue;
use crate::kit::{CountTiles, Icon, Notice, PageHead, TaskTable};
use crate::live::Retry;
use crate::route;

/// How many tasks of a status are looked at.
const LOOKED_AT: usize = 200;

/// How long after a look that came to nothing the next one is.
const AGAIN: Duration = Duration::from_secs(3);

/// How many of the newest tasks are listed.
const NEWEST: usize = 20;

/// Shows the queue, live.
#[component]
pub(crate) fn Dashboard() -> impl IntoView {
    let board = Board::expect();
    let face = board.face();
    view! {
        <PageHead title="Dashboard"/>
        {move || match face.get() {
            Face::Loading => view! { <Notice icon=Icon::Spark title="Loading the queue…" busy=true/> }.into_any(),
            Face::Broken(reason) => broken(reason),
            Face::Ready => queue_view(board),
        }}
    }
}

fn broken(reason: String) -> AnyView {
    let retry = Retry::expect();
    view! {
        <Notice icon=Icon::Failed title="The queue cannot be shown">
            <p>{reason}</p>
            <button class="button" on:click=move |_| retry.now()>"Try again"</button>
        </Notice>
    }
    .into_any()
}

fn queue_view(board: Board) -> AnyView {
    let watch = follow(board);
    let chosen = route::stream_filter();
    let has_streams = Memo::new(move |_| board.streams().with(|streams| !streams.is_empty()));
    view! {
        <CountTiles counts=board.counts() stale=board.stale()/>
        {needs(board, watch)}
        {move || has_streams.get().then(|| lanes(board, watch, chosen))}
        {bare_sessions(board)}
        <div class="two-panels">
            {trends(board, chosen)}
            {recent(watch, chosen)}
        </div>
        {newest(board, chosen)}
    }
    .into_any()
}

/// Says that sessions are there in which nothing can be queued yet.
fn bare_sessions(board: Board) -> AnyView {
    let bare = board.bare_sessions();
    (move || {
        let have = match bare.get() {
            0 => return ().into_any(),
            1 => "1 active session has".to_owned(),
            bare => format!("{bare} active sessions have"),
        };
        view! { <p class="tally bare-sessions" data-bare><a href=route::SESSIONS>{have}" no active stream"</a></p> }.into_any()
    })
    .into_any()
}

/// Fetches what the dashboard keeps an eye on, and follows the events from there. None until it is there.
fn follow(board: Board) -> RwSignal<Option<Watch>> {
    let watch = RwSignal::new(None);
    let due = RwSignal::new(0_u32);
    let again = move || {
        due.try_update(|due| *due += 1);
    };
    Effect::new(move |_| {
        let number = due.get();
        spawn_local(async move {
            let fresh = look(board).await;
            if due.try_get_untracked() != Some(number) {
                return;
            }
            match fresh {
                Some(fresh) => drop(watch.try_set(Some(fresh))),
                None => set_timeout(again, AGAIN),
            }
        });
    });
    board.listen(move |news| match news {
        News::Anew => again(),
        // A look that came to nothing is repeated anyway.
        News::Back => {}
        News::Event(event) => watch.maybe_update(|watch: &mut Option<Watch>| {
            watch.as_mut().is_some_and(|watch| watch.apply(event))
        }),
    });
    watch
}

/// Fetches once; none when the server does not answer, or more has happened than is held.
async fn look(board: Board) -> Option<Watch> {
    let mut tasks = Vec::new();
    let mut seq = i64::MAX;
    let mut is_cut = false;
    for status in [Status::Running, Status::Failed, Status::Succeeded] {
        let answer = queue::newest_of(status, LOOKED_AT).await.ok()?;
        seq = seq.min(answer.seq);
        is_cut |= status == Status::Failed && answer.body.next_cursor.is_some();
        tasks.extend(answer.body.items);
    }
    let mut fresh = Watch::start(&tasks, &originals(board));
    fresh.is_cut |= is_cut;
    for event in board.heard_since(seq)? {
        fresh.apply(&event);
    }
    Some(fresh)
}

/// The tasks that were queued again, as far as the board knows.
fn originals(board: Board) -> Vec<TaskId> {
    let rows = board.rows().get_untracked();
    let of = |row: &crate::board::Row| row.task.with_untracked(|task| task.requeued_from.clone());
    rows.iter().filter_map(of).collect()
}

/// The newest tasks, and the way to all of them.
fn newest(board: Board, chosen: Memo<Option<String>>) -> AnyView {
    let all = board.tasks_of(chosen);
    let rows =
        Memo::new(move |_| all.with(|rows| rows.iter().take(NEWEST).cloned().collect::<Vec<_>>()));
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let title = move || {
        chosen.get().map_or_else(
            || "Newest tasks".to_owned(),
            |name| format!("Newest tasks of {name}"),
        )
    };
    let total = board.total_of(chosen);
    let address = move || {
        route::with_query(
            route::TASKS,
            &[("stream", &chosen.get().unwrap_or_default())],
        )
    };
    view! {
        <section class="panel" aria-label="Newest tasks">
            <div class="panel-head">
                <h2>{title}</h2>
                <a href=address>{move || format!("All {}", total.get())}</a>
            </div>
            <div class="frame">
                {move || if is_empty.get() { nothing(board, chosen) } else { view! { <TaskTable rows/> }.into_any() }}
            </div>
        </section>
    }
    .into_any()
}

fn nothing(board: Board, chosen: Memo<Option<String>>) -> AnyView {
    let name = chosen.get();
    let streams = board.streams().get();
    let is_known = |name: &String| {
        let mut names = streams.iter().map(|stream| stream.name.as_str());
        names.any(|known| known.eq_ignore_ascii_case(name))
    };
    match name {
        Some(name) if !is_known(&name) => view! {
            <Notice icon=Icon::Warning title=format!("There is no stream {name}")>
                <p><a href=route::dashboard(None)>"Show all streams"</a></p>
            </Notice>
        }
        .into_any(),
        Some(name) if board.total_of(chosen).get() > 0 => view! {
            <Notice icon=Icon::Empty title=format!("No task of {name} is among the newest")>
                <p><a href=route::with_query(route::TASKS, &[("stream", &name)])>"See them all"</a></p>
            </Notice>
        }
        .into_any(),
        name => {
            let first = streams.first().map(|stream| stream.name.to_string());
            first_steps(name.or(first).as_deref())
        }
    }
}

/// The commands that lead from here to a first task.
fn first_steps(stream: Option<&str>) -> AnyView {
    let name = stream.unwrap_or("first");
    let enqueue = format!(
        "sparkq enqueue run-bash '{{\"script_path\":\"scripts/hello.sh\"}}' --stream {name}"
    );
    let commands = match stream {
        Some(_) => enqueue,
        None => format!(
            "sparkq session create today\nsparkq stream create first --session today\n{enqueue}"
        ),
    };
    let here = stream.is_some().then(
        || view! { <p><a class="button primary" href=route::ENQUEUE>"Enqueue a task"</a></p> },
    );
    view! {
        <Notice icon=Icon::Empty title="No tasks yet">
            {here}
            <p>"In a terminal:"</p>
            <pre><code>{commands}</code></pre>
        </Notice>
    }
    .into_any()
}
