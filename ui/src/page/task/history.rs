//! What happened to a task: its chain of requeues, its events, and the instructions it is done by.

use leptos::prelude::*;
use sparkq_core::wire::{Document, Event, EventKind};

use super::story::Story;
use crate::board::Board;
use crate::kit::{Ago, StatusBadge, linked, seen};
use crate::route;

/// Draws the tasks that this one is a clone of, and its clones, oldest first; nothing where there is none.
pub(super) fn draw_chain(story: RwSignal<Story>) -> AnyView {
    let chain = Memo::new(move |_| story.with(Story::chain));
    let own = story.with_untracked(|story| story.task.id.clone());
    let link = move |id: sparkq_core::TaskId| {
        let is_own = (id == own).then_some("page");
        let wanted = id.clone();
        let status = Memo::new(move |_| story.with(|story| story.status_of(&wanted)));
        let badge = move || {
            status
                .get()
                .map(|status| view! { <StatusBadge status stale=false/> })
        };
        view! {
            <li>
                <a href=route::task(id.as_str()) aria-current=is_own><code>{id.to_string()}</code></a>
                {badge}
            </li>
        }
    };
    (move || {
        let chain = chain.get();
        (chain.len() > 1).then(|| {
            view! {
                <section class="panel" aria-label="Requeues">
                    <h2>"Requeues"</h2>
                    <ol class="task-chain">{chain.into_iter().map(link.clone()).collect_view()}</ol>
                </section>
            }
        })
    })
    .into_any()
}

/// Draws the events, the newest last.
pub(super) fn draw_events(story: RwSignal<Story>) -> AnyView {
    let events = move || story.with(|story| story.events.clone());
    view! {
        <section class="panel" aria-label="History">
            <h2>"History"</h2>
            <ol class="task-events">
                <For each=events key=|event| event.seq children=draw_event/>
            </ol>
        </section>
    }
    .into_any()
}

fn draw_event(event: Event) -> AnyView {
    let said = said(&event).map(|said| view! { <p>{linked(&said)}</p> });
    view! {
        <li data-tone=tone(event.kind) data-event=event.kind.as_str()>
            <span class="task-event-head">
                <strong title=event.kind.meaning()>{word(event.kind)}</strong>
                <Ago at=event.at/>
            </span>
            <span class="task-actor">{seen(&event.actor)}</span>
            {said}
        </li>
    }
    .into_any()
}

/// What happened, in a word or two.
const fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::TaskEnqueued => "Queued",
        EventKind::TaskClaimed => "Claimed",
        EventKind::TaskReleased => "Claim undone",
        EventKind::TaskCompleted => "Completed",
        EventKind::TaskFailed => "Failed",
        EventKind::TaskExpired => "Auto-failed",
        EventKind::TaskCancelled => "Cancelled",
        EventKind::TaskRequeued => "Requeued",
        EventKind::TaskLate => "Answered late",
        other => other.meaning(),
    }
}

/// The colour of what happened.
const fn tone(kind: EventKind) -> &'static str {
    match kind {
        EventKind::TaskClaimed => "running",
        EventKind::TaskCompleted => "succeeded",
        EventKind::TaskFailed | EventKind::TaskExpired | EventKind::TaskCancelled => "failed",
        EventKind::TaskLate => "stale",
        _ => "queued",
    }
}

/// What else an event says.
fn said(event: &Event) -> Option<String> {
    let data = event.data.as_ref()?;
    if event.kind == EventKind::TaskLate {
        return Some(said_late(Some(data)));
    }
    let fields = data.value();
    let text = |name: &str| fields.get(name)?.as_str().map(str::to_owned);
    text("requeued_as")
        .map(|id| format!("as {id}"))
        .or_else(|| text("requeued_from").map(|id| format!("as a clone of {id}")))
        .or_else(|| {
            text("unchecked").map(|why| format!("its plugin could not check the result: {why}"))
        })
        .or_else(|| Some(data.as_str().to_owned()))
}

/// What a late answer says: its summary, or its error.
pub(super) fn said_late(data: Option<&Document>) -> String {
    let Some(data) = data else {
        return String::new();
    };
    let fields = data.value();
    let summary = fields
        .pointer("/result/summary")
        .or_else(|| fields.get("error"));
    summary
        .and_then(|text| text.as_str())
        .unwrap_or(data.as_str())
        .to_owned()
}

/// Draws the instructions of the task's stream, folded; as they stand by now.
pub(super) fn draw_instructions(story: RwSignal<Story>) -> AnyView {
    let streams = Board::expect().streams();
    let instructions = Memo::new(move |_| {
        let (id, fetched) =
            story.with(|story| (story.stream.id.clone(), story.stream.instructions.clone()));
        let newer = streams.with(|streams| {
            let mut streams = streams.iter();
            streams
                .find(|stream| stream.id == id)
                .map(|stream| stream.instructions.clone())
        });
        newer.unwrap_or(fetched)
    });
    (move || {
        let text = instructions.get();
        (!text.trim().is_empty()).then(|| {
            view! {
                <details class="task-instructions">
                    <summary>"Instructions of the stream"</summary>
                    <pre tabindex="0">{seen(&text)}</pre>
                </details>
            }
        })
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, data: &str) -> Event {
        let event = format!(
            r#"{{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"{kind}","actor":"a","data":{data}}}"#
        );
        serde_json::from_str(&event).expect("an event")
    }

    #[test]
    fn what_events_say_is_told_in_words() {
        let told = |kind, data| said(&event(kind, data)).unwrap_or_default();
        assert_eq!(
            told("task.requeued", r#"{"requeued_as":"tsk_1"}"#),
            "as tsk_1"
        );
        assert_eq!(
            told("task.late", r#"{"result":{"summary":"done"}}"#),
            "done"
        );
        assert_eq!(told("task.late", r#"{"error":"gave up"}"#), "gave up");
        assert_eq!(
            told("task.completed", r#"{"unchecked":"it trapped"}"#),
            "its plugin could not check the result: it trapped"
        );
        assert_eq!(told("task.claimed", r#"{"new":1}"#), r#"{"new":1}"#);
    }
}
