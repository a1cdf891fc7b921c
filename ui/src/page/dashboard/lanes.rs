//! The streams as lanes: what each is at, for how long against the history of its tool, and how much waits.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::{Activity, Counts, Spread, Stream, Task};
use sparkq_core::{Status, Time};

use super::watch::Watch;
use crate::board::Board;
use crate::client::stats;
use crate::kit::{AgeBar, Glyph, Icon, each, seen_text, title_of};
use crate::route;

/// How far back the history of a tool goes.
const HISTORY: &str = "30d";

/// How many of the tasks that run in a stream are drawn, those that have been running for longest.
const DRAWN: usize = 8;

/// How long each tool took so far, of the few that are at work; a handle, free to copy.
#[derive(Clone, Copy)]
struct Histories(StoredValue<Vec<(String, ArcRwSignal<Option<Spread>>)>>);

impl Histories {
    /// How long tasks of `tool` ran; none while that is not known.
    fn of(self, tool: &str) -> ArcRwSignal<Option<Spread>> {
        let known = self.0.with_value(|known| {
            let found = known.iter().find(|(name, _)| name == tool);
            found.map(|(_, history)| history.clone())
        });
        if let Some(known) = known {
            return known;
        }
        let history = ArcRwSignal::new(None);
        let asked = (tool.to_owned(), history.clone());
        self.0.update_value(|known| {
            known.push((tool.to_owned(), history.clone()));
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
pub(super) fn lanes(
    board: Board,
    watch: RwSignal<Option<Watch>>,
    chosen: Memo<Option<String>>,
) -> AnyView {
    let histories = Histories(StoredValue::new(Vec::new()));
    let span = route::asked_for("since");
    let active = Memo::new(move |_| {
        let is_active = |stream: &&Stream| stream.status == Activity::Active;
        board.streams().with(|streams| {
            streams
                .iter()
                .filter(is_active)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let all = move || {
        chosen
            .get()
            .map(|_| view! { <a href=route::dashboard(None)>"Show all"</a> })
    };
    let lane = move |first: Stream| {
        let (id, counts) = (first.id.clone(), first.counts);
        let counts = Memo::new(move |last: Option<&Counts>| {
            let held = |streams: &Vec<Stream>| {
                streams
                    .iter()
                    .find(|stream| stream.id == id)
                    .map(|stream| stream.counts)
            };
            // A stream that has just ended is drawn as it was, until its lane goes.
            board
                .streams()
                .with(held)
                .unwrap_or_else(|| last.copied().unwrap_or(counts))
        });
        lane(&first, counts, watch, chosen, span, histories)
    };
    // A lane is drawn anew when its names change, and never when its figures do.
    let key = |stream: &Stream| format!("{}/{}/{}", stream.id, stream.name, stream.session_name);
    view! {
        <section class="panel" aria-labelledby="lanes">
            <div class="panel-head"><h2 id="lanes">"Streams"</h2>{all}</div>
            <ul class="lanes frame">
                {each(move || active.get(), key, lane)}
            </ul>
        </section>
    }
    .into_any()
}

/// Draws one stream, so that what changes is its figures and never the links around them.
fn lane(
    stream: &Stream,
    counts: Memo<Counts>,
    watch: RwSignal<Option<Watch>>,
    chosen: Memo<Option<String>>,
    span: Memo<Option<String>>,
    histories: Histories,
) -> AnyView {
    let name = stream.name.to_string();
    let own = name.clone();
    let is_chosen = Memo::new(move |_| {
        chosen
            .get()
            .is_some_and(|chosen| chosen.eq_ignore_ascii_case(&own))
    });
    let own = name.clone();
    let filter = move || {
        let stream = if is_chosen.get() { "" } else { own.as_str() };
        route::with_query(
            "/",
            &[
                ("stream", stream),
                ("since", &span.get().unwrap_or_default()),
            ],
        )
    };
    let id = stream.id.clone();
    let running = Memo::new(move |_| {
        let of = |watch: &Watch| {
            let running = watch.running.iter();
            running
                .filter(|task| task.stream_id == id)
                .take(DRAWN)
                .cloned()
                .collect::<Vec<_>>()
        };
        watch.with(|watch| watch.as_ref().map(of).unwrap_or_default())
    });
    let resting = move || {
        let counts = counts.get();
        (counts.running == 0).then(|| {
            let word = if counts.queued > 0 {
                "waiting for a worker"
            } else {
                "idle"
            };
            view! { <span class="lane-idle">{word}</span> }
        })
    };
    let more = move || {
        let drawn = running.with(|running| running.len() as u64);
        let all = counts.get().running;
        watch
            .with(Option::is_some)
            .then(|| all.saturating_sub(drawn))
    };
    let those = route::with_query(route::TASKS, &[("stream", &name), ("status", "running")]);
    let others = move || {
        let more = more().filter(|more| *more > 0);
        more.map(|more| view! { <a href=those.clone()>{format!("and {more} more")}</a> })
    };
    let once = |task: &Task| format!("{}{}", task.id, task.started_at.map_or(0, Time::as_millis));
    let at_work = view! {
        {resting}
        {each(move || running.get(), once, move |task| run(&task, histories))}
        {others}
    };
    let count = |status: Status| {
        let word = status.as_str();
        let count = move || counts.get().of(status);
        let address = route::with_query(route::TASKS, &[("stream", &name), ("status", word)]);
        view! {
            <a class="lane-count" href=address title=word data-tone=move || (count() > 0).then_some(word)>
                <Glyph icon=Icon::from(status)/>{count}<span class="unseen">" "{word}</span>
            </a>
        }
    };
    let figures = Status::ALL.map(count).collect_view();
    let only = format!("Show only {name}, or all again");
    let address = route::stream(&name);
    view! {
        <li class="lane" data-stream=name.clone() aria-current=move || is_chosen.get().then_some("true")>
            <div class="lane-name">
                <a data-row="" href=address>{name.clone()}</a>
                <a class="lane-filter" href=filter title=only.clone() aria-label=only><Glyph icon=Icon::Search/></a>
                <span class="session">{stream.session_name.to_string()}</span>
            </div>
            <div class="lane-work">{at_work}</div>
            <div class="lane-counts">{figures}</div>
        </li>
    }
    .into_any()
}

fn run(task: &Task, histories: Histories) -> AnyView {
    let usual = histories.of(&task.tool_name);
    let started = task.started_at.unwrap_or(task.updated_at);
    let worker = task.worker.as_deref().map(seen_text);
    view! {
        <div class="lane-run">
            <a href=route::task(task.id.as_str()) title=title_of(task)>{title_of(task)}</a>
            <AgeBar started timeout=task.timeout usual/>
            <span class="lane-worker" title=worker.clone()>{worker.clone()}</span>
        </div>
    }
    .into_any()
}
