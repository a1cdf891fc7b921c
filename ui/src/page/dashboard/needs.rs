//! What needs a person: what failed since the last look, what is stale, what is left alone, what nobody works on.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::{Activity, PluginFaults, Requeue, Stream, Task};
use sparkq_core::{Age, TaskId, Time};

use super::watch::Watch;
use crate::board::Board;
use crate::client::{queue, tasks};
use crate::clock::Clock;
use crate::kit::{Ago, CopyButton, Glyph, Icon, Toasts, each, first_line, seen_text, title_of};
use crate::{route, storage};

/// How many failures are listed by themselves.
const LISTED: usize = 5;

/// Lists what needs a person, the most urgent first; a calm line when nothing does.
pub(super) fn needs(board: Board, watch: RwSignal<Option<Watch>>) -> AnyView {
    let looked = looked_at(board);
    let clock = Clock::expect();
    let failed = Memo::new(move |_| {
        let looked = looked.get();
        let of = |watch: &Watch| watch.failed_since(looked).cloned().collect::<Vec<_>>();
        watch.with(|watch| watch.as_ref().map(of).unwrap_or_default())
    });
    let stale = Memo::new(move |_| {
        let now = clock.now();
        let of = |watch: &Watch| {
            let running = watch.running.iter();
            running
                .filter(|task| is_past(task, now))
                .cloned()
                .collect::<Vec<_>>()
        };
        watch.with(|watch| watch.as_ref().map(of).unwrap_or_default())
    });
    let left_alone = board.left_alone();
    let idle = Memo::new(move |_| {
        let watched = board.watched().get();
        let nobody = |stream: &&Stream| {
            let waits = stream.status == Activity::Active
                && stream.counts.queued > 0
                && stream.counts.running == 0;
            waits && !watched.contains(&stream.name)
        };
        board
            .streams()
            .with(|streams| streams.iter().filter(nobody).cloned().collect::<Vec<_>>())
    });
    let warnings = board.warnings();
    let count = Memo::new(move |_| {
        failed.with(Vec::len)
            + stale.with(Vec::len)
            + left_alone.with(Vec::len)
            + idle.with(Vec::len)
            + warnings.with(Vec::len)
    });
    let seen = move |_| {
        // By the server's clock, which says when they failed.
        let newest =
            failed.with_untracked(|failed| failed.iter().filter_map(|task| task.finished_at).max());
        if let Some(newest) = newest {
            see(board, looked, newest);
        }
    };
    let calm = move || {
        match (count.get(), watch.with(Option::is_some)) {
        (0, true) => view! { <p class="calm" data-tone="succeeded"><Glyph icon=Icon::Succeeded/>"Nothing needs you."</p> }.into_any(),
        (0, false) => view! { <p class="calm" aria-busy="true">"Looking…"</p> }.into_any(),
        _ => ().into_any(),
    }
    };
    let listed =
        move || failed.with(|failed| failed.iter().take(LISTED).cloned().collect::<Vec<_>>());
    let more = move || {
        let known = failed.with(Vec::len);
        let is_cut = watch.with(|watch| {
            let watch = watch.as_ref();
            watch.is_some_and(|watch| watch.is_cut && watch.failed.len() == known)
        });
        let more = known.saturating_sub(LISTED);
        (more > 0).then(|| more_failed(more, is_cut))
    };
    view! {
        <section class="panel needs" aria-labelledby="needs" data-needs=move || count.get()>
            <div class="panel-head">
                <h2 id="needs">"Needs you"</h2>
                <span class="row">
                    {move || (!failed.with(Vec::is_empty)).then(|| view! {
                        <button class="button" data-action="seen" on:click=seen>"Mark failures as seen"</button>
                    })}
                </span>
            </div>
            {calm}
            <ul class="needs-list">
                {each(move || left_alone.get(), |faults| format!("{}{}", faults.plugin, faults.in_row), left_alone_item)}
                {each(move || stale.get(), |task| task.id.to_string(), move |task| stale_item(task, clock))}
                {each(listed, |task| task.id.to_string(), failed_item)}
                {more}
                {each(move || idle.get(), |stream| format!("{}{}", stream.id, stream.counts.queued), idle_item)}
                {each(move || warnings.get(), Clone::clone, |text| item("stale", Icon::Warning, text.into_any(), ().into_any()))}
            </ul>
        </section>
    }
    .into_any()
}

fn is_past(task: &Task, now: Time) -> bool {
    task.started_at
        .is_some_and(|started| Age::of(started, task.timeout, now) != Age::Fresh)
}

/// One thing that needs a person: what, and what can be done.
fn item(tone: &'static str, icon: Icon, what: AnyView, actions: AnyView) -> AnyView {
    view! {
        <li data-tone=tone>
            <Glyph icon/>
            <div class="needs-what">{what}</div>
            <div class="row">{actions}</div>
        </li>
    }
    .into_any()
}

fn more_failed(more: usize, is_cut: bool) -> AnyView {
    let address = route::with_query(route::TASKS, &[("status", "failed")]);
    let at_least = if is_cut { "at least " } else { "" };
    let link = view! { <a href=address>{at_least}{format!("{more} more failed")}</a> };
    item("failed", Icon::Failed, link.into_any(), ().into_any())
}

fn failed_item(task: Task) -> AnyView {
    let error = task.error.clone().unwrap_or_default();
    let how = if error.starts_with("Auto-failed:") {
        " was auto-failed "
    } else {
        " failed "
    };
    let at = task.finished_at.unwrap_or(task.updated_at);
    let (id, toasts) = (task.id.clone(), Toasts::expect());
    let what = view! {
        <p><a href=route::task(id.as_str())>{title_of(&task)}</a>{how}<Ago at/>" in "{task.stream_name.to_string()}</p>
        <p class="why" title=seen_text(&error)>{first_line(&error).unwrap_or_default()}</p>
    };
    let actions = view! {
        <button class="button" data-requeue=id.to_string() on:click=move |_| requeue(id.clone(), toasts)><Glyph icon=Icon::Again/>"Requeue"</button>
    };
    item("failed", Icon::Failed, what.into_any(), actions.into_any())
}

fn requeue(id: TaskId, toasts: Toasts) {
    spawn_local(async move {
        match tasks::requeue(id.as_str(), &Requeue::default()).await {
            Ok(clone) => toasts.say(format!("Queued again as {}.", clone.body.id)),
            Err(reason) => toasts.fail(&reason),
        }
    });
}

fn stale_item(task: Task, clock: Clock) -> AnyView {
    let started = task.started_at.unwrap_or(task.created_at);
    let limit = i64::try_from(task.timeout.seconds()).unwrap_or(i64::MAX / 4000) * 1000;
    let told = move || {
        let ran = clock.now().since(started);
        let left = (2 * limit - ran).max(0);
        let (ran, left) = (spell_duration(ran), spell_duration(left));
        format!(
            " has been running for {ran} of {}; it is failed in {left}",
            spell_duration(limit)
        )
    };
    let worker = task
        .worker
        .clone()
        .map(|worker| seen_text(&format!("by {worker}")));
    let what = view! {
        <p><a href=route::task(task.id.as_str())>{title_of(&task)}</a>{told}</p>
        <p class="why">{worker}</p>
    };
    let command = format!("sparkq fail {} --error ", task.id);
    let actions = view! { <CopyButton text=command what="the command that fails it" label="Copy fail command"/> };
    item("stale", Icon::Warning, what.into_any(), actions.into_any())
}

fn left_alone_item(faults: PluginFaults) -> AnyView {
    let toasts = Toasts::expect();
    let retry = move |_| {
        spawn_local(async move {
            match queue::try_again().await {
                Ok(()) => toasts.say("Plugins are tried again."),
                Err(reason) => toasts.fail(&reason),
            }
        });
    };
    let told = format!(
        "{} failed {} times in a row, and is left alone",
        faults.plugin, faults.in_row
    );
    let until = faults.until.map(|until| format!(" until {until}"));
    let what = view! {
        <p class="left-alone"><a href=route::PLUGINS>{told}</a>{until}</p>
        <p class="why">{format!("[{}] {}", faults.kind, faults.fault)}</p>
    };
    let actions = view! { <button class="button" on:click=retry><Glyph icon=Icon::Again/>"Try it now"</button> };
    item("failed", Icon::Warning, what.into_any(), actions.into_any())
}

fn idle_item(stream: Stream) -> AnyView {
    let name = stream.name.to_string();
    let tasks = if stream.counts.queued == 1 {
        "task"
    } else {
        "tasks"
    };
    let told = format!(
        " has {} queued {tasks}, nobody at work and no watcher",
        stream.counts.queued
    );
    let command = format!("sparkq claim --stream {name} --wait 9m");
    let what = view! { <p><a href=route::stream(&name)>{name.clone()}</a>{told}</p> };
    let actions = view! { <CopyButton text=command what="the command that claims" label="Copy claim command"/> };
    item("queued", Icon::Queued, what.into_any(), actions.into_any())
}

/// When a person last said to have seen what failed, which the browser keeps for this project. Never: all is news.
fn looked_at(board: Board) -> RwSignal<Time> {
    let kept = storage::lasting().and_then(|storage| storage.get_item(&key(board)).ok().flatten());
    let looked = kept.and_then(|text| text.parse().ok());
    RwSignal::new(looked.unwrap_or(Time::from_millis(0)))
}

fn see(board: Board, looked: RwSignal<Time>, newest: Time) {
    looked.set(newest);
    if let Some(storage) = storage::lasting() {
        // A browser that keeps nothing shows them again after a reload.
        let _ = storage.set_item(&key(board), &newest.to_string());
    }
}

fn key(board: Board) -> String {
    format!("sparkq.looked.{}", board.project().get_untracked())
}
