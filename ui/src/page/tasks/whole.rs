//! Acts on all tasks that the filter means: counted first, and done once a person has agreed to that count.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::{BulkPurge, BulkRequeue, Filter, Refused};

use super::desk::Desk;
use super::filter::spell;
use crate::board::{Board, News};
use crate::client::{self, NoAnswer};
use crate::kit::{Dialog, Glyph, Icon, Toasts, keep_focus_in_dialog};
use crate::pace::Pace;
use crate::words::counted;

/// The most tasks that the server requeues at once.
const AT_ONCE: u64 = 1000;

/// How long a new number stands before it can be agreed to.
const TO_READ: Duration = Duration::from_millis(500);

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Clones of the failed ones are queued.
    Requeue,
    /// The finished ones are removed.
    Purge,
}

/// How far it is.
#[derive(Clone, PartialEq)]
enum Stage {
    /// The server counts.
    Counting,
    /// A person is asked; the second is the number that was shown before, where it was another.
    Asking(u64, Option<u64>),
    /// The server does it.
    Doing(u64),
    /// The server has refused.
    Stopped(NoAnswer),
    /// It is done, but for these.
    Done(u64, Vec<Refused>),
}

/// The dialog about it; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    filter: Memo<Filter>,
    act: RwSignal<Act>,
    stage: RwSignal<Stage>,
    open: RwSignal<bool>,
    /// The newest request: the answers of older ones are not shown.
    run: StoredValue<u32>,
    /// The newest look at whether the number is still right, likewise.
    looks: StoredValue<u32>,
    /// The newest number that was shown in the place of another.
    news: StoredValue<u32>,
    /// Whether the number is so new that nobody can have meant it.
    is_new: RwSignal<bool>,
    toasts: Toasts,
}

/// What came of one request: how many tasks, and those that were refused.
type Came = Result<(u64, Vec<Refused>), NoAnswer>;

impl Whole {
    /// Makes the dialog, closed.
    pub(super) fn of(desk: Desk) -> Self {
        let whole = Self {
            filter: desk.filter(),
            act: RwSignal::new(Act::Requeue),
            stage: RwSignal::new(Stage::Counting),
            open: RwSignal::new(false),
            run: StoredValue::new(0),
            looks: StoredValue::new(0),
            news: StoredValue::new(0),
            is_new: RwSignal::new(false),
            toasts: Toasts::expect(),
        };
        whole.follow();
        whole
    }

    /// Counts once more when tasks change while a person is asked.
    fn follow(self) {
        let pace = Pace::begin();
        Board::expect().listen(move |news| {
            let matters = match news {
                News::Event(event) => event.task_id.is_some(),
                News::Anew => true,
                News::Back => false,
            };
            if matters && self.has_number() {
                pace.soon(move || self.look_again());
            }
        });
        Effect::new(move |_| {
            self.stage.track();
            keep_focus_in_dialog();
        });
    }

    /// Whether a number is shown, or about to be.
    fn has_number(self) -> bool {
        let counts = self.stage.try_get_untracked() == Some(Stage::Counting);
        self.shown().is_some() || counts && self.open.try_get_untracked() == Some(true)
    }

    /// The number that a person is asked about.
    fn shown(self) -> Option<u64> {
        let is_open = self.open.try_get_untracked() == Some(true);
        match self.stage.try_get_untracked() {
            Some(Stage::Asking(count, _)) if is_open => Some(count),
            _ => None,
        }
    }

    fn look_again(self) {
        let (run, looks) = (self.run.get_value(), self.looks);
        looks.update_value(|looks| *looks += 1);
        let look = looks.get_value();
        let (act, filter) = (self.act.get_untracked(), self.filter.get_untracked());
        spawn_local(async move {
            let Ok((count, _)) = send(act, filter, None).await else {
                // The number is checked once more before anything is done.
                return;
            };
            if self.is_newest(run)
                && looks.try_get_value() == Some(look)
                && let Some(before) = self.shown().filter(|before| *before != count)
            {
                self.ask(count, Some(before));
            }
        });
    }

    /// Asks about `count`. Where it was another number until now, no click counts that was meant for that one.
    fn ask(self, count: u64, before: Option<u64>) {
        let before = before.filter(|before| *before != count);
        self.stage.set(Stage::Asking(count, before));
        if before.is_some() {
            self.is_new.set(true);
            self.news.update_value(|news| *news += 1);
            let news = self.news.get_value();
            set_timeout(
                move || {
                    if self.news.try_get_value() == Some(news) {
                        self.is_new.set(false);
                    }
                },
                TO_READ,
            );
        }
    }

    /// Draws the buttons that begin it.
    pub(super) fn buttons(self) -> AnyView {
        view! {
            <button class="button" data-act="requeue" on:click=move |_| self.begin(Act::Requeue)>
                <Glyph icon=Icon::Again/>"Requeue failed…"
            </button>
            <button class="button" data-act="purge" on:click=move |_| self.begin(Act::Purge)>
                <Glyph icon=Icon::Purge/>"Purge finished…"
            </button>
        }
        .into_any()
    }

    /// Draws the dialog.
    pub(super) fn dialog(self) -> AnyView {
        let title = Signal::derive(move || {
            let title = match self.act.get() {
                Act::Requeue => "Requeue all that failed and match",
                Act::Purge => "Purge all that finished and match",
            };
            title.to_owned()
        });
        view! { <Dialog open=self.open title>{move || self.stage()}</Dialog> }.into_any()
    }

    /// Asks how many tasks `act` means.
    fn begin(self, act: Act) {
        self.act.set(act);
        self.open.set(true);
        self.is_new.set(false);
        self.count(None);
    }

    fn count(self, before: Option<u64>) {
        let run = self.enter(Stage::Counting);
        let (act, filter) = (self.act.get_untracked(), self.filter.get_untracked());
        spawn_local(async move {
            let counted = send(act, filter, None).await;
            if self.is_newest(run) {
                match counted {
                    Ok((count, _)) => self.ask(count, before),
                    Err(reason) => self.stage.set(Stage::Stopped(reason)),
                }
            }
        });
    }

    fn carry_out(self, count: u64) {
        if self.is_new.get_untracked() {
            return;
        }
        let run = self.enter(Stage::Doing(count));
        let (act, filter) = (self.act.get_untracked(), self.filter.get_untracked());
        spawn_local(async move {
            let came = send(act, filter, Some(count)).await;
            let is_shown = self.is_newest(run);
            match came {
                Err(reason) if !is_shown => self.toasts.fail(&reason),
                Err(reason) if reason.code == "COUNT_DIFFERS" => self.count(Some(count)),
                Err(reason) => self.stage.set(Stage::Stopped(reason)),
                Ok((count, refused)) => {
                    let done = match act {
                        Act::Requeue => "requeued",
                        Act::Purge => "purged",
                    };
                    let left = match refused.len() {
                        0 => String::new(),
                        refused => format!(", {refused} refused"),
                    };
                    self.toasts
                        .say(format!("{} {done}{left}.", counted(count, "task")));
                    if is_shown {
                        if refused.is_empty() {
                            self.open.set(false);
                        }
                        self.stage.set(Stage::Done(count, refused));
                    }
                }
            }
        });
    }

    /// Shows `stage` of a new request, and returns its number.
    fn enter(self, stage: Stage) -> u32 {
        self.stage.set(stage);
        self.run.update_value(|run| *run += 1);
        self.run.get_value()
    }

    /// Whether the request is still the one that is shown, and the page is still there.
    fn is_newest(self, run: u32) -> bool {
        self.run.try_get_value() == Some(run)
    }

    fn stage(self) -> AnyView {
        let close = move || {
            view! {
                <button class="button" autofocus on:click=move |_| self.open.set(false)>"Close"</button>
            }
        };
        match self.stage.get() {
            Stage::Counting => view! { <p role="status">"Counting…"</p> }.into_any(),
            Stage::Doing(count) => {
                view! { <p role="status">{format!("Working on {}…", counted(count, "task"))}</p> }
                    .into_any()
            }
            Stage::Asking(0, _) => view! {
                <p>{format!("There are no {}.", self.meant())}</p>
                <p class="row">{close()}</p>
            }
            .into_any(),
            Stage::Asking(count, before) => self.question(count, before),
            Stage::Stopped(reason) => view! {
                <p role="alert">{reason.what}</p>
                {reason.hint.map(|hint| view! { <p><code>{hint}</code></p> })}
                <p class="row">
                    <button class="button" on:click=move |_| self.count(None)>"Count again"</button>
                    {close()}
                </p>
            }
            .into_any(),
            Stage::Done(count, refused) => view! {
                <p>{format!("{} done, {} refused:", counted(count, "task"), refused.len())}</p>
                <ul class="refusals">{refused.into_iter().map(|refused| view! {
                    <li><code>{refused.id.to_string()}</code>{refused.error}</li>
                }).collect_view()}</ul>
                <p class="row">{close()}</p>
            }
            .into_any(),
        }
    }

    fn question(self, count: u64, before: Option<u64>) -> AnyView {
        let act = self.act.get_untracked();
        let (what, button) = match act {
            Act::Requeue => (
                "Each is queued again as a clone with an id of its own; the failed ones stay as history. Those that were requeued already are left out.",
                format!("Requeue {}", counted(count, "task")),
            ),
            Act::Purge => (
                "They are removed for good, with their outputs and their history. Queued and running tasks stay.",
                format!("Purge {}", counted(count, "task")),
            ),
        };
        let is_capped = act == Act::Requeue && count == AT_ONCE;
        let class = if act == Act::Purge {
            "button danger"
        } else {
            "button primary"
        };
        view! {
            {before.map(|before| view! {
                <p role="alert" data-moved>
                    {format!("The queue has moved on: it was {} until now. Look at the new number.", counted(before, "task"))}
                </p>
            })}
            <p><strong data-meant=count.to_string()>{counted(count, "task")}</strong>{format!(": all {}.", self.meant())}</p>
            <p>{what}</p>
            {is_capped.then(|| view! { <p>"At most 1,000 are taken at once, the oldest first."</p> })}
            <p class="row">
                <button class=class data-confirm aria-disabled=move || self.is_new.get().then_some("true") on:click=move |_| self.carry_out(count)>{button}</button>
                <button class="button" autofocus on:click=move |_| self.open.set(false)>"Leave them"</button>
            </p>
        }
        .into_any()
    }

    /// Which tasks are meant, in words.
    fn meant(self) -> String {
        let mut filter = self.filter.get_untracked();
        let status = filter.status.take();
        match (self.act.get_untracked(), status.as_deref()) {
            (Act::Requeue, None | Some("failed")) => spell(&filter, "failed"),
            (Act::Purge, None) => spell(&filter, "finished"),
            (Act::Purge, Some(status @ ("failed" | "succeeded"))) => spell(&filter, status),
            (Act::Requeue, Some(status)) => spell(&filter, &format!("failed and {status}")),
            (Act::Purge, Some(status)) => spell(&filter, &format!("finished and {status}")),
        }
    }
}

/// Counts, or does it for the count that was agreed to.
async fn send(act: Act, filter: Filter, count: Option<u64>) -> Came {
    let dry_run = count.is_none();
    match act {
        Act::Requeue => {
            let bulk = BulkRequeue {
                filter,
                dry_run,
                count,
                stream_id: None,
            };
            let answer = client::tasks::requeue_many(&bulk).await?;
            Ok((answer.body.count, answer.body.refused))
        }
        Act::Purge => {
            let bulk = BulkPurge {
                filter,
                dry_run,
                count,
            };
            let answer = client::tasks::purge_many(&bulk).await?;
            Ok((answer.body.tasks, Vec::new()))
        }
    }
}
