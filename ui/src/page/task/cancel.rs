//! Asks why a task is cancelled, and cancels it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::Verb;

use super::requeue::draw_refusal;
use super::story::Story;
use crate::client::{self, NoAnswer};
use crate::kit::{Toasts, focus_if_lost, in_shell};
use crate::shell;

/// What is asked; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct CancelForm {
    story: RwSignal<Story>,
    open: RwSignal<bool>,
    reason: RwSignal<String>,
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<NoAnswer>>,
    toasts: Toasts,
}

impl CancelForm {
    /// The form for the task of `story`, which is shown while `open` holds.
    pub(super) fn of(story: RwSignal<Story>, open: RwSignal<bool>) -> Self {
        Self {
            story,
            open,
            reason: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            toasts: Toasts::expect(),
        }
    }

    /// Forgets what was asked before.
    pub(super) fn begin(self) {
        self.reason.set(String::new());
        self.refusal.set(None);
    }

    fn id(self) -> String {
        self.story.with_untracked(|story| story.task.id.to_string())
    }

    fn reason(self) -> Option<String> {
        let reason = self.reason.get();
        let reason = reason.trim();
        (!reason.is_empty()).then(|| reason.to_owned())
    }

    fn command(self) -> String {
        let reason = self
            .reason()
            .map(|reason| format!(" --reason {}", shell::text(&reason)));
        format!("sparkq cancel {}{}", self.id(), reason.unwrap_or_default())
    }

    fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        let reason = untrack(move || self.reason());
        self.busy.set(true);
        spawn_local(async move {
            let asked = client::tasks::cancel(&self.id(), reason).await;
            self.busy.try_set(false);
            match asked {
                Ok(_) => {
                    self.open.try_set(false);
                    self.toasts.say("Cancelled.");
                    // What has asked for it cannot be asked again.
                    focus_if_lost("main .page-head button");
                }
                Err(reason) => {
                    self.refusal.try_set(Some(reason));
                }
            }
        });
    }

    /// Draws the form.
    pub(super) fn draw(self) -> AnyView {
        let send = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            self.send();
        };
        let status = Memo::new(move |_| self.story.with(|story| story.task.status));
        let gone = Memo::new(move |_| status.get().after(Verb::Cancel).is_none());
        let meanwhile = move || {
            gone.get()
                .then(|| format!("It is {} now and can no longer be cancelled.", status.get()))
        };
        view! {
            <form class="task-form" on:submit=send>
                <p class="task-mistake" role="alert">{meanwhile}</p>
                <p>"It leaves the queue and is kept as failed, so that it can be requeued."</p>
                <label>
                    "Reason"
                    <input class="input" type="text" name="reason" autofocus placeholder="Why, for whoever reviews it" prop:value=self.reason on:input=move |event| self.reason.set(event_target_value(&event))/>
                </label>
                {in_shell(Signal::derive(move || self.command()))}
                {draw_refusal(self.refusal, self.id())}
                <div class="row task-send">
                    <button class="button" type="button" on:click=move |_| self.open.set(false)>"Keep it"</button>
                    <button class="button danger" type="submit" disabled=gone aria-disabled=move || self.busy.get().then_some("true")>"Cancel the task"</button>
                </div>
            </form>
        }
        .into_any()
    }
}
