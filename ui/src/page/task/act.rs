//! The head of a task, and what can be done from there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::Activity;
use sparkq_core::{Status, Verb};

use super::cancel::CancelForm;
use super::requeue::RequeueForm;
use super::story::Story;
use crate::board::{Board, is_stale};
use crate::clock::Clock;
use crate::kit::{
    CopyButton, Dialog, Glyph, Icon, PageHead, StatusBadge, Toasts, copy_text, seen, spell_limit,
    title_of,
};
use crate::route;

/// What can be done with a task; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Act {
    story: RwSignal<Story>,
    requeuing: RwSignal<bool>,
    cancelling: RwSignal<bool>,
    requeue: RequeueForm,
    cancel: CancelForm,
    status: Memo<Status>,
    /// Why the task cannot be requeued; none where it can.
    unfit: Memo<Option<&'static str>>,
    toasts: Toasts,
}

impl Act {
    /// What can be done with the task of `story`.
    pub(super) fn on(story: RwSignal<Story>) -> Self {
        let (requeuing, cancelling) = (RwSignal::new(false), RwSignal::new(false));
        let status = Memo::new(move |_| story.with(|story| story.task.status));
        let streams = Board::expect().streams();
        let is_stranded = Memo::new(move |_| {
            let own = story.with(|story| story.task.stream_id.clone());
            let ended = |streams: &Vec<_>| {
                let mut streams = streams.iter();
                streams.any(|stream: &sparkq_core::wire::Stream| {
                    stream.id == own && stream.status == Activity::Ended
                })
            };
            streams.with(ended)
        });
        Self {
            story,
            requeuing,
            cancelling,
            requeue: RequeueForm::of(story, requeuing),
            cancel: CancelForm::of(story, cancelling),
            status,
            unfit: Memo::new(move |_| unfit(status.get(), is_stranded.get())),
            toasts: Toasts::expect(),
        }
    }

    /// Asks how to requeue, where that can be done.
    pub(super) fn ask_to_requeue(self) {
        if let Some(why) = self.unfit.get_untracked() {
            self.toasts.say(why);
            return;
        }
        self.requeue.begin();
        self.requeuing.set(true);
    }

    /// Copies the task's id.
    pub(super) fn copy_id(self) {
        let id = self.story.with_untracked(|story| story.task.id.to_string());
        let copying = copy_text(&id, None);
        spawn_local(async move {
            let came = if copying.await {
                "Copied"
            } else {
                "Could not copy"
            };
            self.toasts.say(format!("{came} {id}."));
        });
    }

    /// Draws what the task is, and the buttons.
    pub(super) fn draw_head(self) -> AnyView {
        let title = self.story.with_untracked(|story| title_of(&story.task));
        let cancel = move || {
            let may = self.status.get().after(Verb::Cancel).is_some();
            may.then(|| view! {
                <button class="button danger" on:click=move |_| self.ask_to_cancel()>"Cancel"</button>
            })
        };
        let is_failed = move || self.status.get() == Status::Failed;
        view! {
            <PageHead title>
                {cancel}
                <button
                    class="button"
                    class:primary=is_failed
                    disabled=move || self.unfit.get().is_some()
                    title=move || self.unfit.get().unwrap_or("Queue it once more (r)")
                    on:click=move |_| self.ask_to_requeue()
                >
                    <Glyph icon=Icon::Again/>
                    "Requeue"
                </button>
            </PageHead>
            {draw_facts(self.story, self.status)}
        }
        .into_any()
    }

    fn ask_to_cancel(self) {
        self.cancel.begin();
        self.cancelling.set(true);
    }

    /// Draws the dialogs, which show themselves when they are asked for.
    pub(super) fn draw_dialogs(self) -> AnyView {
        let title = |verb: &str| {
            self.story
                .with_untracked(|story| format!("{verb} {}", story.task.id))
        };
        view! {
            <Dialog open=self.requeuing title=title("Requeue")>{self.requeue.draw()}</Dialog>
            <Dialog open=self.cancelling title=title("Cancel")>{self.cancel.draw()}</Dialog>
        }
        .into_any()
    }
}

/// Why a task cannot be requeued. One that is over can; one that waits in a stream that is ended can be moved.
fn unfit(status: Status, is_stranded: bool) -> Option<&'static str> {
    match status {
        Status::Running => Some("It is running. It can be requeued when it is over."),
        Status::Queued if !is_stranded => Some("It is queued already."),
        _ => None,
    }
}

fn draw_facts(story: RwSignal<Story>, status: Memo<Status>) -> AnyView {
    let clock = Clock::expect();
    let stale = Memo::new(move |_| story.with(|story| is_stale(&story.task, clock)));
    let worker = Memo::new(move |_| story.with(|story| story.task.worker.clone()));
    let worker = move || {
        worker
            .get()
            .map(|worker| fact("Worker", view! { <span>{seen(&worker)}</span> }.into_any()))
    };
    let task = story.with_untracked(|story| story.task.clone());
    let id = task.id.to_string();
    let limit = format!(
        "{}, at most {}",
        task.task_class.as_str(),
        spell_limit(task.timeout.seconds())
    );
    let tool = route::tool(&task.tool_name);
    let key = task
        .dedupe_key
        .map(|key| fact("Key", view! { <span>{seen(&key)}</span> }.into_any()));
    let copies = view! {
        <code class="task-own-id">{id.clone()}</code>
        <CopyButton text=id.clone() what="the id"/>
    };
    view! {
        <dl class="task-facts" data-status=move || status.get().as_str()>
            <div><dt class="unseen">"Status"</dt><dd><StatusBadge status stale/></dd></div>
            {fact("Task", copies.into_any())}
            {fact("Tool", view! { <a href=tool title=task.plugin>{task.tool_name}</a> }.into_any())}
            {fact("Stream", draw_stream(story))}
            {worker}
            {fact("Class", limit.into_any())}
            {key}
        </dl>
    }
    .into_any()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

/// Draws the way to the task's stream: by its name, unless that means another one by now.
fn draw_stream(story: RwSignal<Story>) -> AnyView {
    let streams = Board::expect().streams();
    let (id, name) =
        story.with_untracked(|story| (story.stream.id.clone(), story.stream.name.clone()));
    let shown = name.to_string();
    let address = move || {
        let is_other = streams.with(|streams| {
            streams
                .iter()
                .any(|stream| stream.name == name && stream.id != id)
        });
        route::stream(if is_other { id.as_str() } else { name.as_str() })
    };
    view! { <a href=address>{shown}</a> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_or_stranded_can_be_requeued() {
        let fit = |status, stranded| unfit(status, stranded).is_none();
        assert!(
            fit(Status::Failed, false)
                && fit(Status::Succeeded, false)
                && fit(Status::Queued, true)
        );
        assert!(!fit(Status::Queued, false) && !fit(Status::Running, true));
    }
}
