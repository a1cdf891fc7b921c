//! Acts on the tasks that are chosen, one after the other, with what was refused and why.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::Requeue;
use sparkq_core::{Status, TaskId, Verb};

use super::chosen::Chosen;
use super::desk::Desk;
use super::focus::give_back;
use crate::client::{self, NoAnswer};
use crate::kit::{Dialog, Toasts, in_shell, keep_focus_in_dialog};
use crate::shell;
use crate::words::{are, counted};

/// One task to be acted on.
#[derive(Clone, PartialEq)]
pub(super) struct Target {
    seq: i64,
    id: TaskId,
    status: Status,
}

impl Target {
    /// The chosen tasks, oldest first.
    pub(super) fn chosen(desk: Desk) -> Vec<Self> {
        desk.chosen.with(|chosen| {
            desk.read(|roll| {
                let line = |seq: i64| {
                    let task = &roll.lines().get(roll.place(seq)?)?.task;
                    Some(Self {
                        seq,
                        id: task.id.clone(),
                        status: task.status,
                    })
                };
                chosen.tasks().filter_map(line).collect()
            })
        })
    }

    /// Its id.
    pub(super) fn id(&self) -> &TaskId {
        &self.id
    }

    /// Whether `verb` can be done to it; a requeue may need a word more.
    pub(super) fn takes(&self, verb: Verb) -> bool {
        match verb {
            Verb::Requeue => self.status.is_final(),
            verb => self.status.after(verb).is_some(),
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Doing { done: usize, of: usize },
    Over { done: usize },
}

/// The dialog about it; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Each {
    chosen: RwSignal<Chosen>,
    /// The row that had the focus last, and the one that is to have it.
    entered: StoredValue<Option<i64>>,
    heading: RwSignal<Option<i64>>,
    verb: RwSignal<Verb>,
    targets: RwSignal<Vec<Target>>,
    /// Whether those that succeeded are requeued too.
    force: RwSignal<bool>,
    reason: RwSignal<String>,
    stage: RwSignal<Stage>,
    refused: RwSignal<Vec<(TaskId, NoAnswer)>>,
    open: RwSignal<bool>,
    /// How often it was begun: an older run stops.
    run: StoredValue<u32>,
    toasts: Toasts,
}

impl Each {
    /// Makes the dialog, closed.
    pub(super) fn of(desk: Desk) -> Self {
        let each = Self {
            chosen: desk.chosen,
            entered: desk.entered,
            heading: desk.heading,
            verb: RwSignal::new(Verb::Requeue),
            targets: RwSignal::new(Vec::new()),
            force: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            stage: RwSignal::new(Stage::Asking),
            refused: RwSignal::new(Vec::new()),
            open: RwSignal::new(false),
            run: StoredValue::new(0),
            toasts: Toasts::expect(),
        };
        each.follow(desk);
        each
    }

    /// Keeps up where the tasks stand while a person is asked about them.
    fn follow(self, desk: Desk) {
        Effect::new(move |_| {
            if !self.open.get() || self.stage.get() != Stage::Asking {
                return;
            }
            let held = self.targets.get_untracked();
            let now = desk.read(|roll| {
                let stands = |target: &Target| {
                    let line = roll.place(target.seq).map(|place| &roll.lines()[place]);
                    let status = line.map_or(target.status, |line| line.task.status);
                    Target {
                        status,
                        ..target.clone()
                    }
                };
                held.iter().map(stands).collect::<Vec<_>>()
            });
            if now.len() == held.len() && now != held {
                self.targets.set(now);
            }
        });
        Effect::new(move |_| {
            self.stage.track();
            keep_focus_in_dialog();
        });
    }

    /// Asks whether `verb` is to be done to `targets`, which are chosen.
    pub(super) fn begin(self, verb: Verb, targets: Vec<Target>) {
        self.run.update_value(|run| *run += 1);
        self.verb.set(verb);
        self.targets.set(targets);
        self.force.set(false);
        self.reason.set(String::new());
        self.refused.set(Vec::new());
        self.stage.set(Stage::Asking);
        self.open.set(true);
    }

    /// Draws the dialog.
    pub(super) fn dialog(self) -> AnyView {
        let title = Signal::derive(move || {
            let title = match self.verb.get() {
                Verb::Cancel => "Cancel the chosen tasks",
                _ => "Requeue the chosen tasks",
            };
            title.to_owned()
        });
        view! { <Dialog open=self.open title>{move || self.stage()}</Dialog> }.into_any()
    }

    fn stage(self) -> AnyView {
        match self.stage.get() {
            Stage::Asking => self.question(),
            Stage::Doing { done, of } => view! {
                <p role="status">{format!("{done} of {of} done")}</p>
                <progress class="progress" max=of.to_string() prop:value=done.to_string() aria-label="Done so far"></progress>
                <p class="row"><button class="button" autofocus on:click=move |_| self.open.set(false)>"Stop here"</button></p>
            }
            .into_any(),
            Stage::Over { done } => self.outcome(done),
        }
    }

    /// How many of the chosen tasks are such.
    fn count(self, is_such: impl Fn(&Target) -> bool) -> u64 {
        let targets = self.targets.read();
        targets.iter().filter(|target| is_such(target)).count() as u64
    }

    /// Asks. The numbers follow the tasks, which go on meanwhile; what is being typed stays.
    fn question(self) -> AnyView {
        let verb = self.verb.get();
        let of = move |status: Status| self.count(|target| target.status == status);
        let left = move || {
            let left = self.count(|target| !target.takes(verb));
            (left > 0).then(|| {
                format!(
                    "Left alone, because of another status: {}.",
                    counted(left, "task")
                )
            })
        };
        let more = match verb {
            Verb::Cancel => self.ask_why(),
            _ => self.ask_for_force(Memo::new(move |_| of(Status::Succeeded))),
        };
        let said = move || {
            if verb == Verb::Cancel {
                let queued = of(Status::Queued);
                let (task, are) = (counted(queued, "queued task"), are(queued));
                format!("{task} {are} taken out of the queue and kept as failed.")
            } else {
                let failed = of(Status::Failed);
                let (task, are) = (counted(failed, "failed task"), are(failed));
                format!("{task} {are} queued again, each as a clone with an id of its own.")
            }
        };
        let button = move || {
            let count = counted(self.due().len() as u64, "task");
            match verb {
                Verb::Cancel => format!("Cancel {count}"),
                _ => format!("Requeue {count}"),
            }
        };
        let class = if verb == Verb::Cancel {
            "button danger"
        } else {
            "button primary"
        };
        view! {
            <p>{said}</p>
            {more}
            <p class="tally" role="status">{left}</p>
            {in_shell(Signal::derive(move || self.commands()))}
            <p class="row">
                <button class=class data-confirm disabled=move || self.due().is_empty() on:click=move |_| self.carry_out()>{button}</button>
                <button class="button" autofocus={verb != Verb::Cancel} on:click=move |_| self.open.set(false)>"Leave them"</button>
            </p>
        }
        .into_any()
    }

    fn ask_why(self) -> AnyView {
        view! {
            <label class="field">
                "Why, for whoever reviews it"
                <input class="input" autofocus prop:value=self.reason on:input:target=move |event| self.reason.set(event.target().value())/>
            </label>
        }
        .into_any()
    }

    fn ask_for_force(self, succeeded: Memo<u64>) -> AnyView {
        let any = Memo::new(move |_| succeeded.get() > 0);
        view! {
            <Show when=move || any.get()>
                <label class="row">
                    <input type="checkbox" data-force prop:checked=self.force on:change:target=move |event| self.force.set(event.target().checked())/>
                    {move || format!("Also requeue {} (--force), and have the work done again", counted(succeeded.get(), "succeeded task"))}
                </label>
            </Show>
        }
        .into_any()
    }

    fn outcome(self, done: usize) -> AnyView {
        let verb = self.verb.get();
        let refused = self.refused.get();
        let told = counted(done as u64, "task");
        view! {
            <p role="status">{format!("{told} {}, {} refused:", verb.done(), refused.len())}</p>
            <ul class="refusals">{refused.into_iter().map(|(id, reason)| view! {
                <li><code>{id.to_string()}</code>{reason.what}</li>
            }).collect_view()}</ul>
            <p class="row"><button class="button" autofocus on:click=move |_| self.open.set(false)>"Close"</button></p>
        }
        .into_any()
    }

    /// The tasks that are to be acted on.
    fn due(self) -> Vec<Target> {
        let (verb, force) = (self.verb.get(), self.force.get());
        let mut targets = self.targets.get();
        targets.retain(|target| {
            target.takes(verb)
                && (verb != Verb::Requeue || force || target.status == Status::Failed)
        });
        targets
    }

    /// Spells the commands that do the same, one for each task.
    fn commands(self) -> String {
        let reason = self.reason.get();
        let command = |target: Target| match self.verb.get() {
            Verb::Cancel if reason.trim().is_empty() => format!("sparkq cancel {}", target.id),
            Verb::Cancel => format!(
                "sparkq cancel {} --reason {}",
                target.id,
                shell::text(&reason)
            ),
            _ if target.status == Status::Succeeded => {
                format!("sparkq requeue {} --force", target.id)
            }
            _ => format!("sparkq requeue {}", target.id),
        };
        let commands: Vec<String> = self.due().into_iter().map(command).collect();
        commands.join("\n")
    }

    fn carry_out(self) {
        let targets = untrack(|| self.due());
        let of = targets.len();
        let verb = self.verb.get_untracked();
        let reason = self.reason.get_untracked();
        let reason = Some(reason).filter(|reason| !reason.trim().is_empty());
        let run = self.run.get_value();
        let is_shown = move || self.run.try_get_value() == Some(run);
        self.stage.set(Stage::Doing { done: 0, of });
        spawn_local(async move {
            let mut done = 0;
            for target in targets {
                let came = act(verb, &target, reason.clone()).await;
                let Some(is_open) = self.open.try_get_untracked() else {
                    return;
                };
                match came {
                    Ok(()) => {
                        done += 1;
                        self.chosen.update(|chosen| chosen.drop(target.seq));
                    }
                    Err(reason) if !is_shown() => self.toasts.fail(&reason),
                    Err(reason) => {
                        let is_lost = reason.code.is_empty();
                        self.refused
                            .update(|refused| refused.push((target.id, reason)));
                        if is_lost {
                            break;
                        }
                    }
                }
                if !is_shown() {
                    break;
                }
                self.stage.set(Stage::Doing { done, of });
                if !is_open {
                    break;
                }
            }
            if done > 0 {
                self.toasts
                    .say(format!("{} {}.", counted(done as u64, "task"), verb.done()));
            }
            if is_shown() {
                self.end(done);
            }
        });
    }

    fn end(self, done: usize) {
        if self.refused.with_untracked(Vec::is_empty) {
            self.open.set(false);
            // The button that began it has nothing to do any more.
            give_back(self.entered, self.heading);
        } else {
            // Also where the dialog was closed meanwhile: what was refused is said.
            self.stage.set(Stage::Over { done });
            self.open.set(true);
        }
    }
}

async fn act(verb: Verb, target: &Target, reason: Option<String>) -> Result<(), NoAnswer> {
    let id = target.id.as_str();
    if verb == Verb::Cancel {
        return client::tasks::cancel(id, reason).await.map(drop);
    }
    let how = Requeue {
        force: target.status == Status::Succeeded,
        ..Requeue::default()
    };
    client::tasks::requeue(id, &how).await.map(drop)
}
