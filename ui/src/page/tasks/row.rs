//! One row. It follows its own task, so a change redraws one row; narrow, it is a card.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement};
use sparkq_core::wire::Task;

use super::copies::copies;
use super::desk::Desk;
use crate::board::is_stale;
use crate::clock::Clock;
use crate::kit::{Ago, RunTime, StatusBadge, seen_text, title_of};
use crate::memo::memo;
use crate::route;

/// What a click means by itself.
const OWN_CLICK: &str = "a, button, input, label, dialog";

/// Draws the row of a task.
pub(super) fn row(desk: Desk, seq: i64) -> AnyView {
    let Some(first) = untrack(|| desk.line(seq)) else {
        return ().into_any();
    };
    // One that is leaving stays as it was.
    let line = memo(move |before: Option<&_>| {
        let now = desk.line(seq);
        now.or_else(|| before.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let clock = Clock::expect();
    let task = Signal::derive(move || line.with(|(_, line)| line.task.clone()));
    let place = Signal::derive(move || line.with(|(place, _)| *place));
    let gone = Signal::derive(move || line.with(|(_, line)| line.gone));
    let outcome = Signal::derive(move || line.with(|(_, line)| line.outcome.clone()));
    let status = Signal::derive(move || line.with(|(_, line)| line.task.status));
    let stale = Signal::derive(move || line.with(|(_, line)| is_stale(&line.task, clock)));
    let worker =
        Signal::derive(move || line.with(|(_, line)| line.task.worker.as_deref().map(seen_text)));
    let chosen = memo(move |_| desk.chosen.with(|chosen| chosen.has(seq)));
    // What a task is about never changes.
    let label = task.with_untracked(title_of);
    let Task {
        id,
        tool_name,
        stream_name,
        created_at,
        ..
    } = task.get_untracked();
    let address = route::task(id.as_str());
    let open = opener(desk, seq, address.clone());
    view! {
        <div
            class="task-row"
            role="row"
            aria-rowindex=move || place.get() + 2
            data-task-id=id.to_string()
            data-status=move || status.get().as_str()
            data-stale=move || stale.get().then_some("")
            data-gone=move || gone.get().then_some("")
            data-chosen=move || chosen.get().then_some("")
            title=move || gone.get().then_some("No longer matches the filter")
            style:inset-block-start=move || format!("calc(var(--task-row) * {})", place.get())
            on:click=open
            on:focusin=move |_| {
                desk.focused.set(Some(seq));
                desk.entered.set_value(Some(seq));
            }
            on:focusout=move |event| blurred(desk, seq, &event)
        >
            {pick(desk, seq, chosen, &label)}
            <span role="cell" class="at-status"><StatusBadge status stale/></span>
            <span role="rowheader" class="at-task">
                <a class="task-label" href=address title=label.clone() data-row=seq.to_string()>{label.clone()}</a>
                <span class="task-id">
                    <code>{id.to_string()}</code>
                    <span>{tool_name}</span>
                    <Show when=move || gone.get()><span class="unseen">"no longer matches the filter"</span></Show>
                </span>
            </span>
            <span role="cell" class="at-stream" title=stream_name.to_string()>{stream_name.to_string()}</span>
            <span role="cell" class="at-worker" title=worker>{worker}</span>
            <span role="cell" class="at-created"><Ago at=created_at/></span>
            <span role="cell" class="at-duration"><RunTime task stale/></span>
            <span role="cell" class="at-outcome" title=outcome>{outcome}</span>
            <span role="cell" class="at-copy">{copies(id.clone(), status)}</span>
        </div>
    }
    .into_any()
}

/// Takes note that a row has lost the focus: to something else, or because it was put to another place.
fn blurred(desk: Desk, seq: i64, event: &ev::FocusEvent) {
    desk.redrawn.update_value(|(is_redrawing, lost)| {
        if *is_redrawing && event.related_target().is_none() {
            *lost = Some(seq);
        }
    });
    desk.focused
        .update(|focused| *focused = focused.filter(|focused| *focused != seq));
}

fn pick(desk: Desk, seq: i64, chosen: Memo<bool>, label: &str) -> AnyView {
    let click = move |event: ev::MouseEvent| {
        if event.shift_key() {
            extend(desk, seq);
        } else {
            desk.chosen.update(|chosen| chosen.toggle(seq));
        }
        // The browser has turned it over already, which a range may not mean.
        event_target::<HtmlInputElement>(&event).set_checked(chosen.get_untracked());
    };
    view! {
        <span role="cell" class="pick"><label>
            <input
                type="checkbox"
                aria-label=format!("Choose {label}")
                prop:checked=move || chosen.get()
                on:click=click
            />
        </label></span>
    }
    .into_any()
}

/// Chooses all from the last one that was chosen to this one.
fn extend(desk: Desk, seq: i64) {
    let listed = desk.listed();
    desk.chosen
        .update(|chosen| chosen.extend(seq, listed.into_iter()));
}

/// Opens the task wherever its row is clicked, or has the choice reach to it with the shift key; unless something was
/// clicked that has a meaning of its own, or text is being marked.
fn opener(desk: Desk, seq: i64, address: String) -> impl Fn(ev::MouseEvent) + 'static {
    move |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let is_own =
            target.is_some_and(|target| target.closest(OWN_CLICK).ok().flatten().is_some());
        let selection = window().get_selection().ok().flatten();
        if event.shift_key() {
            if !is_own {
                // The browser takes it for the marking of text.
                let _ = selection.map(|selection| selection.remove_all_ranges());
                extend(desk, seq);
            }
            return;
        }
        let is_marking = selection.is_some_and(|selection| !selection.is_collapsed());
        if !is_own && !is_marking && !event.default_prevented() {
            route::go(&address);
        }
    }
}
