//! What is read first of a task: why it failed, what came of it, or that it runs for too long.

use leptos::html;
use leptos::prelude::*;
use sparkq_core::Time;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::EventKind;

use super::history::said_late;
use super::story::{End, Story};
use crate::board::is_stale;
use crate::clock::Clock;
use crate::kit::{Ago, Glyph, Icon, linked, seen, spell_limit};
use crate::route;

/// Draws what came of the task, and what became of it since.
pub(super) fn draw(story: RwSignal<Story>) -> AnyView {
    let end = Memo::new(move |_| story.with(Story::end));
    let text = Memo::new(move |_| {
        let text = |story: &Story| story.task.error.clone().or_else(|| story.task.summary());
        story.with(text).unwrap_or_default()
    });
    let outcome = move || {
        let (tone, icon, title) = match end.get()? {
            End::Succeeded => ("succeeded", Icon::Succeeded, "Summary"),
            End::Failed => ("failed", Icon::Failed, "Failed"),
            End::Expired => ("failed", Icon::Failed, "Auto-failed"),
            End::Cancelled => ("failed", Icon::Failed, "Cancelled"),
        };
        Some(panel(tone, icon, title, draw_said(text.get())))
    };
    view! {
        {draw_stale(story)}
        {outcome}
        {draw_late(story)}
        {draw_replaced(story)}
    }
    .into_any()
}

/// Draws a text: as much as is easily overlooked, and all of it when that is asked for.
fn draw_said(text: String) -> AnyView {
    let place = NodeRef::<html::P>::new();
    let (open, is_cut) = (RwSignal::new(false), RwSignal::new(false));
    let measure = move || {
        if let Some(place) = place.try_get_untracked().flatten()
            && !open.get_untracked()
        {
            is_cut.set(place.scroll_height() > place.client_height());
        }
    };
    Effect::new(move |_| {
        place.track();
        request_animation_frame(measure);
    });
    let resizing = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resizing.remove());
    view! {
        <p
            class="outcome-text"
            node_ref=place
            data-open=move || open.get().then_some("")
            data-cut=move || is_cut.get().then_some("")
        >
            {linked(&text)}
        </p>
        <Show when=move || is_cut.get()>
            <button
                class="button small outcome-more"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || if open.get() { "Show less" } else { "Show all" }}
            </button>
        </Show>
    }
    .into_any()
}

fn panel(tone: &'static str, icon: Icon, title: &'static str, said: AnyView) -> AnyView {
    view! {
        <section class="outcome" data-tone=tone aria-label=title>
            <h2><Glyph icon/>{title}</h2>
            {said}
        </section>
    }
    .into_any()
}

/// Says that the task runs for too long, and what will come of that.
fn draw_stale(story: RwSignal<Story>) -> AnyView {
    let clock = Clock::expect();
    let stale = Memo::new(move |_| story.with(|story| is_stale(&story.task, clock)));
    let elapsed = Memo::new(move |_| {
        let ran = |now: Time| {
            story
                .with(|story| story.task.ran_for(now))
                .unwrap_or_default()
        };
        if stale.get() {
            spell_duration(ran(clock.now()))
        } else {
            String::new()
        }
    });
    (move || {
        stale.get().then(|| {
            let limit = story.with_untracked(|story| story.task.timeout.seconds());
            let said = view! {
                <p>
                    "It has been running for "<strong>{elapsed}</strong>
                    {format!(", and its timeout is {}. If nobody answers, it fails at {}.", spell_limit(limit), spell_limit(2 * limit))}
                </p>
            };
            panel("stale", Icon::Warning, "Stale", said.into_any())
        })
    })
    .into_any()
}

/// Says what a worker handed in when the task had been given up.
fn draw_late(story: RwSignal<Story>) -> AnyView {
    let late = Memo::new(move |_| {
        let is_late = |story: &Story| {
            let mut events = story.events.iter().rev();
            events
                .find(|event| event.kind == EventKind::TaskLate)
                .cloned()
        };
        story.with(is_late)
    });
    (move || {
        late.get().map(|event| {
            let said = said_late(event.data.as_ref());
            let text = view! {
                <p>{seen(&event.actor)}" answered after the task had been given up, "<Ago at=event.at/>". The task stays failed; what was printed is kept below."</p>
                {draw_said(said)}
            };
            panel("stale", Icon::Warning, "Answered late", text.into_any())
        })
    })
    .into_any()
}

/// Leads to the task that has taken this one's place.
fn draw_replaced(story: RwSignal<Story>) -> AnyView {
    let newest = Memo::new(move |_| {
        story.with(|story| {
            let id = story.clones.last()?.clone();
            let status = story.status_of(&id);
            Some((id, status))
        })
    });
    (move || {
        newest.get().map(|(id, status)| {
            let stands = status.map(|status| format!(", which is {status}"));
            view! {
                <p class="outcome-next">
                    <Glyph icon=Icon::Again/>
                    <span>"Requeued as "<a href=route::task(id.as_str())>{id.to_string()}</a>{stands}"."</span>
                </p>
            }
        })
    })
    .into_any()
}
