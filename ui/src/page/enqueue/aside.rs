//! What stands beside the form: what will be queued, the button, the payload as text, and the command that does the same.

use leptos::prelude::*;
use sparkq_core::Severity;
use sparkq_core::wire::{Checked, Task};

use super::draft::{Draft, Verdict};
use super::send::Sender;
use super::text;
use crate::kit::{CopyButton, Glyph, Icon, seen, spell_limit};
use crate::route;
use crate::words::counted;

/// Draws what stands beside the form.
pub(super) fn aside(draft: Draft, sender: Sender) -> AnyView {
    let parts = Memo::new(move |_| sender.command());
    let command = Signal::derive(move || {
        let parts = parts.get();
        parts.map(|parts| parts.join(" ")).unwrap_or_default()
    });
    let is_there = Memo::new(move |_| parts.with(Result::is_ok));
    let part = |part: String| {
        // An option and its value stay on one line.
        let is_payload = part.starts_with('\'');
        view! { <span class=(!is_payload).then_some("unbroken")>{part}</span>" " }
    };
    view! {
        <aside class="enqueue-side">
            <section class="panel side-box" aria-label="What will be queued">
                {move || outcome(draft, sender)}
            </section>
            <section class="panel">
                <div class="panel-head"><h2>"Payload as JSON"</h2></div>
                {text::whole(draft)}
            </section>
            <section class="panel">
                <div class="panel-head">
                    <h2>"The same from a shell"</h2>
                    <Show when=move || is_there.get()><CopyButton text=command what="the command"/></Show>
                </div>
                {move || match parts.get() {
                    Ok(parts) => view! {
                        <pre class="command" tabindex="0" aria-label="Command"><code>{parts.into_iter().map(part).collect_view()}</code></pre>
                    }
                    .into_any(),
                    Err(why) => view! { <p class="command field-help" data-no-command>"There is no command for this yet. "{why}</p> }.into_any(),
                }}
            </section>
        </aside>
    }
    .into_any()
}

/// What was queued, or what would be, with the button that does it.
fn outcome(draft: Draft, sender: Sender) -> AnyView {
    match sender.done.get() {
        Some((task, is_new)) => queued(sender, task, is_new),
        None => view! {
            <div class="preview" aria-live="polite">{move || preview(draft, sender)}</div>
            {button(sender)}
        }
        .into_any(),
    }
}

fn queued(sender: Sender, task: Task, is_new: bool) -> AnyView {
    let word = if is_new {
        "Queued"
    } else {
        "The same work is there already"
    };
    let id = task.id.to_string();
    view! {
        <div data-queued=id.clone()>
            <p class="verdict" data-tone="succeeded"><Glyph icon=Icon::Succeeded/><strong>{word}</strong></p>
            <p class="queued-task"><code>{id.clone()}</code>" "{seen(&task.label)}</p>
        </div>
        <div class="row">
            <a class="button primary" href=route::task(&id)>"Open it"</a>
            <button type="button" class="button" id="enqueue-another" on:click=move |_| sender.another()>"Enqueue another"</button>
        </div>
    }
    .into_any()
}

fn button(sender: Sender) -> AnyView {
    let word = move || match sender.stream() {
        _ if sender.busy.get() => "Enqueuing…".to_owned(),
        Some(stream) => format!("Enqueue in {stream}"),
        None => "Enqueue".to_owned(),
    };
    view! {
        <div class="row">
            <button
                type="button"
                class="button primary"
                id="enqueue"
                aria-keyshortcuts="Control+Enter"
                aria-disabled=move || sender.busy.get().then_some("true")
                on:click=move |_| sender.send()
            >
                <Glyph icon=Icon::Add/>
                {word}
            </button>
            <span class="field-help"><kbd>"Ctrl"</kbd>" "<kbd>"Enter"</kbd></span>
        </div>
    }
    .into_any()
}

fn preview(draft: Draft, sender: Sender) -> AnyView {
    if let Some((why, _)) = sender.obstacle() {
        return said("queued", Icon::Onward, "Not yet", why);
    }
    match draft.verdict().get() {
        Verdict::Open => said("queued", Icon::Onward, "Checking…", String::new()),
        Verdict::Unasked(reason) => {
            said("stale", Icon::Warning, "Could not be checked", reason.what)
        }
        Verdict::Said(checked) if checked.ok => accepted(checked),
        Verdict::Said(_) if draft.is_pristine() => said(
            "queued",
            Icon::Onward,
            "Not yet",
            "Fill in the form.".to_owned(),
        ),
        Verdict::Said(checked) => said("failed", Icon::Failed, "Would be refused", tell(&checked)),
    }
}

fn said(tone: &'static str, icon: Icon, word: &'static str, text: String) -> AnyView {
    view! {
        <p class="verdict" data-tone=tone data-verdict=word>
            <Glyph icon/>
            <strong>{word}</strong>
            <span>{text}</span>
        </p>
    }
    .into_any()
}

fn accepted(checked: Checked) -> AnyView {
    let fact = |name: &'static str, value: Option<String>| {
        let value = value.filter(|value| !value.trim().is_empty());
        value.map(
            |value| view! { <div><dt>{name}</dt><dd data-preview=name>{seen(&value)}</dd></div> },
        )
    };
    let notes = checked.issues.len();
    let notes = (notes > 0).then(|| counted(notes as u64, "note"));
    view! {
        {said("succeeded", Icon::Succeeded, "Will be queued", notes.unwrap_or_default())}
        <dl class="facts">
            {fact("Label", checked.label)}
            {fact("Class", checked.task_class.map(|class| class.to_string()))}
            {fact("Timeout", checked.timeout.map(|timeout| spell_limit(timeout.seconds())))}
        </dl>
    }
    .into_any()
}

/// How much is wrong, in words.
fn tell(checked: &Checked) -> String {
    let errors = checked
        .issues
        .iter()
        .filter(|issue| issue.severity == Severity::Error);
    counted(errors.count().max(1) as u64, "problem")
}
