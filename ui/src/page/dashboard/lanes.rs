//! The streams as lanes: what each is at, for how long against the history of its tool, and how much waits.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::{Activity, Spread, Stream, Task};

use super::watch::Watch;
use crate::board::Board;
use crate::client::stats;
use crate::kit::{AgeBar, Glyph, Icon, title_of};
use crate::route;

/// How far back the history of a tool goes.
const HISTORY: &str = "30d";

/// How long each tool took so far; a handle, free to copy.
#[derive(Clone, Copy)]
struct Histories(StoredValue<HashMap<String, ArcRwSignal<Option<Spread>>>>);

impl Histories {
    /// How long tasks of `tool` ran; none while that is not known.
    fn of(self, tool: &str) -> ArcRwSignal<Option<Spread>> {
        if let Some(known) = self.0.with_value(|known| known.get(tool).cloned()) {
            return known;
        }
        let history = ArcRwSignal::new(None);
        let asked = (tool.to_owned(), history.clone());
        self.0.update_value(|known| {
            known.insert(tool.to_owned(), history.clone());
        });
        spawn_local(async move {
            let (tool, history) = asked;
            if let Ok(answer) = stats::over(HISTORY, "", &tool).await {
                history.set(answer.body.total.run_ms);
            }
        });
        history
    }
}

/// Draws the active streams; the one that is chosen leads back to all.
pub(super) fn lanes(board: Board, watch: RwSignal<Watch>, chosen: Memo<Option<String>>) -> AnyView {
    let histories = Histories(StoredValue::new(HashMap::new()));
    let span = route::asked_for("since");
    let active = Memo::new(move |_| {
        let is_active = |stream: &&Stream| stream.status == Activity::Active;
        board.streams().with(|streams| {
            streams
                .iter()
                .filter(is_active)
                .map(|stream| stream.id.clone())
                .collect::<Vec<_>>()
        })
    });
    let all = move || {
        chosen
            .get()
            .map(|_| view! { <a href=route::dashboard(None)>"Show all"</a> })
    };
    let lane = move |id| {
        let stream = Memo::new(move |_| {
            board
                .streams()
                .with(|streams| streams.iter().find(|stream| stream.id == id).cloned())
        });
        move || {
            stream
                .get()
                .map(|stream| lane(stream, watch, chosen, span, histories))
        }
    };
    view! {
        <section class="panel" aria-labelledby="lanes">
            <div class="panel-head"><h2 id="lanes">"Streams"</h2>{all}</div>
            <ul class="lanes frame">
                <For each=move || active.get() key=Clone::clone children=lane/>
            </ul>
        </section>
    }
    .into_any()
}

fn lane(
    stream: Stream,
    watch: RwSignal<Watch>,
    chosen: Memo<Option<String>>,
    span: Memo<Option<String>>,
    histories: Histories,
) -> AnyView {
    let name = stream.name.to_string();
    let counts = stream.counts;
    let own = name.clone();
    let is_chosen = Memo::new(move |_| {
        chosen
            .get()
            .is_some_and(|chosen| chosen.eq_ignore_ascii_case(&own))
    });
    let filter = {
        let name = name.clone();
        move || {
            let stream = if is_chosen.get() { "" } else { &name };
            route::with_query(
                "/",
                &[
                    ("stream", stream),
                    ("since", &span.get().unwrap_or_default()),
                ],
            )
        }
    };
    let id = stream.id.clone();
    let running = Memo::new(move |_| {
        watch.with(|watch| {
            watch
                .running
                .iter()
                .filter(|task| task.stream_id == id)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let at_work = move || {
        let running = running.get();
        if running.is_empty() {
            let word = if counts.queued > 0 {
                "waiting for a worker"
            } else {
                "idle"
            };
            return view! { <span class="lane-idle">{word}</span> }.into_any();
        }
        running
            .into_iter()
            .map(|task| run(&task, histories))
            .collect_view()
            .into_any()
    };
    let count = |word: &'static str, icon: Icon, count: u64| {
        let address = route::with_query(route::TASKS, &[("stream", &name), ("status", word)]);
        view! {
            <a class="lane-count" href=address data-tone=(count > 0).then_some(word) aria-label=format!("{count} {word} in {name}") title=word>
                <Glyph icon/>{count}
            </a>
        }
    };
    view! {
        <li class="lane" data-stream=name.clone() aria-current=move || is_chosen.get().then_some("true")>
            <div class="lane-name">
                <a href=route::stream(&name)>{name.clone()}</a>
                <a class="lane-filter" href=filter aria-pressed=move || is_chosen.get().to_string() role="button"
                    aria-label=format!("Show only {name}") title="Show only this stream"><Glyph icon=Icon::Search/></a>
                <span class="session">{stream.session_name.to_string()}</span>
            </div>
            <div class="lane-work">{at_work}</div>
            <div class="lane-counts">
                {count("queued", Icon::Queued, counts.queued)}
                {count("running", Icon::Running, counts.running)}
                {count("succeeded", Icon::Succeeded, counts.succeeded)}
                {count("failed", Icon::Failed, counts.failed)}
            </div>
        </li>
    }
    .into_any()
}

fn run(task: &Task, histories: Histories) -> AnyView {
    let usual = histories.of(&task.tool_name);
    let started = task.started_at.unwrap_or(task.updated_at);
    let worker = task.worker.clone();
    view! {
        <div class="lane-run">
            <a href=route::task(task.id.as_str()) title=title_of(task)>{title_of(task)}</a>
            <AgeBar started timeout=task.timeout usual/>
            <span class="lane-worker" title=worker.clone()>{worker.clone()}</span>
        </div>
    }
    .into_any()
}
