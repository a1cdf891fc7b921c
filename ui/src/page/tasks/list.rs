//! The list itself: of however many tasks, only the rows in the window are in the document.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement};

use super::desk::{Desk, Tally};
use super::focus::{hold_focus, keys};
use super::row::row;
use super::viewport::Viewport;
use crate::kit::{Glyph, Icon, each};
use crate::words::counted;

/// What the columns hold.
const TITLES: [&str; 7] = [
    "Status", "Task", "Stream", "Worker", "Created", "Duration", "Outcome",
];

/// Draws the list.
pub(super) fn list(desk: Desk) -> AnyView {
    let rows = NodeRef::<html::Div>::new();
    follow_window(desk, rows);
    let tally = desk.tally();
    let range = Memo::new(move |_| desk.viewport.get().range(tally.get().loaded));
    Effect::new(move |_| desk.approach(range.get().end));
    let drawn = Memo::new(move |_| {
        hold_focus(desk);
        let range = range.get();
        let kept = [desk.focused.get(), desk.heading.get()];
        desk.read(|roll| {
            let tasks = |lines: &[super::roll::Line]| {
                lines.iter().map(|line| line.task.seq).collect::<Vec<_>>()
            };
            let end = range.end.min(roll.lines().len());
            let mut drawn = tasks(&roll.lines()[range.start.min(end)..end]);
            // What has the focus, or is to have it, stays wherever it is scrolled to.
            for task in kept.into_iter().flatten() {
                if !drawn.contains(&task) && roll.place(task).is_some() {
                    let place = drawn.partition_point(|other| *other > task);
                    drawn.insert(place, task);
                }
            }
            drawn
        })
    });
    let block_size = move || format!("calc(var(--task-row) * {})", tally.get().loaded);
    view! {
        <div class="roll" aria-busy=move || desk.busy().get().then_some("true")>
            {pill(desk, tally)}
            <div
                role="table"
                aria-label="Tasks, newest first"
                aria-rowcount=move || tally.get().total + 1
                on:keydown=move |event| keys(desk, &event)
            >
                {head(desk, tally)}
                <div class="roll-rows" role="rowgroup" node_ref=rows style:block-size=block_size>
                    <div class="roll-probe" role="presentation"></div>
                    {each(move || drawn.get(), ToString::to_string, move |task| row(desk, task))}
                </div>
            </div>
            {tail(desk, tally)}
        </div>
    }
    .into_any()
}

fn head(desk: Desk, tally: Memo<Tally>) -> AnyView {
    let all = Memo::new(move |_| {
        let loaded = tally.get().loaded;
        desk.chosen.with(|chosen| chosen.len() >= loaded)
    });
    let some = Memo::new(move |_| desk.chosen.with(|chosen| chosen.len() > 0));
    let choose = move |_| {
        let tasks = desk.listed();
        desk.chosen.update(|chosen| {
            let had_all = chosen.len() >= tasks.len();
            *chosen = super::chosen::Chosen::default();
            if !had_all {
                chosen.choose(tasks.into_iter());
            }
        });
    };
    let title = |title: &'static str| view! { <span role="columnheader">{title}</span> };
    let covered = move || format!("{}px", desk.viewport.get().covered);
    view! {
        <div class="roll-head" role="rowgroup" style:inset-block-start=covered>
            <div class="task-row" role="row" aria-rowindex="1">
                <span role="columnheader" class="pick">
                    <input
                        type="checkbox"
                        id="choose-loaded"
                        aria-label="Choose all that are loaded"
                        prop:checked=move || all.get()
                        prop:indeterminate=move || some.get() && !all.get()
                        on:change=choose
                    />
                </span>
                {TITLES.map(title).collect_view()}
                <span role="columnheader"><span class="unseen">"Copy"</span></span>
            </div>
        </div>
    }
    .into_any()
}

/// Tells of tasks that came while the eye was further down.
fn pill(desk: Desk, tally: Memo<Tally>) -> AnyView {
    let fresh = Memo::new(move |_| tally.get().fresh as u64);
    let up = move |_| {
        desk.show_fresh();
        let viewport = desk.viewport.get_untracked();
        window().scroll_by_with_x_and_y(0.0, viewport.top.min(viewport.head) - viewport.head);
    };
    let top = move || format!("{}px", desk.viewport.get().head);
    view! {
        <div class="fresh" role="status" style:inset-block-start=top>
            <Show when=move || { fresh.get() > 0 }>
                <button class="button primary" on:click=up>
                    <Glyph icon=Icon::Add/>
                    {move || counted(fresh.get(), "new task")}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// The end of what is loaded.
fn tail(desk: Desk, tally: Memo<Tally>) -> AnyView {
    let more = Memo::new(move |_| tally.get().more);
    let broken_off = desk.broken_off();
    (move || match (more.get(), broken_off.get()) {
        (false, _) => ().into_any(),
        (true, None) => {
            view! { <p class="roll-tail" aria-busy="true">"Loading more…"</p> }.into_any()
        }
        (true, Some(reason)) => view! {
            <p class="roll-tail row">
                {reason}
                <button class="button" on:click=move |_| desk.more()>"Try again"</button>
            </p>
        }
        .into_any(),
    })
    .into_any()
}

/// Keeps the viewport as the window and the list lie.
fn follow_window(desk: Desk, rows: NodeRef<html::Div>) {
    let measure = move || {
        // A frame that was asked for may come when the page is gone.
        if let Some(rows) = rows.try_get_untracked().flatten() {
            let viewport = measured(&rows);
            if desk.viewport.get_untracked() != viewport {
                desk.viewport.set(viewport);
            }
            desk.note_scroll(window().scroll_y().unwrap_or_default());
        }
    };
    let listening = [
        window_event_listener(ev::scroll, move |_| measure()),
        window_event_listener(ev::resize, move |_| measure()),
    ];
    on_cleanup(move || listening.into_iter().for_each(WindowListenerHandle::remove));
    let tally = desk.tally();
    Effect::new(move |_| {
        rows.track();
        tally.track();
        measure();
        request_animation_frame(measure);
    });
}

fn measured(rows: &HtmlElement) -> Viewport {
    let edge = |element: Option<Element>| {
        element.map_or(0.0, |element| element.get_bounding_client_rect().bottom())
    };
    let height_of = |element: Option<Element>| {
        element.map_or(0.0, |element| element.get_bounding_client_rect().height())
    };
    let find = |css: &str| document().query_selector(css).ok().flatten();
    let covered = edge(find(".masthead")).max(0.0);
    let foot = height_of(find(".chosen-bar"));
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64());
    Viewport {
        top: rows.get_bounding_client_rect().top(),
        row: height_of(rows.first_element_child()),
        covered,
        head: covered + height_of(find(".roll-head")),
        height: height.unwrap_or_default() - foot,
    }
}
