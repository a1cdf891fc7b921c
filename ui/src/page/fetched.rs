//! What a page fetches for itself, and keeps up to date: it is fetched again when an event is about it, at a [`Pace`].

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::Event;

use crate::board::{Board, News};
use crate::client::{Asked, NoAnswer};
use crate::kit::{Icon, Notice};
use crate::pace::Pace;

/// Something fetched; a handle, free to copy.
pub(crate) struct Fetched<T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    refusal: RwSignal<Option<NoAnswer>>,
    /// Woken when it is to be fetched once more.
    wanted: Trigger,
    pace: Pace,
    /// The newest request, or change: the answers to older requests are dropped.
    newest: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Fetched<T> {
    /// Fetches with `ask`: now, when what that reads of signals changes, and after each event that `concerns` it, for as
    /// long as whoever asked is there.
    pub(crate) fn follow<F>(
        ask: impl Fn() -> F + 'static,
        concerns: impl Fn(&Event) -> bool + 'static,
    ) -> Self
    where
        F: Future<Output = Asked<T>> + 'static,
    {
        let fetched = Self {
            value: RwSignal::new(None),
            refusal: RwSignal::new(None),
            wanted: Trigger::new(),
            pace: Pace::begin(),
            newest: StoredValue::new(0),
        };
        Effect::new(move |_| {
            fetched.wanted.track();
            let number = fetched.number();
            let coming = ask();
            spawn_local(async move {
                let came = coming.await;
                if fetched.newest.try_get_value() == Some(number) {
                    fetched.take_in(came);
                }
            });
        });
        Board::expect().listen(move |news| match news {
            News::Event(event) if concerns(event) => fetched.soon(),
            News::Anew => fetched.soon(),
            News::Back if fetched.has_failed() => fetched.soon(),
            News::Event(_) | News::Back => {}
        });
        fetched
    }

    fn take_in(self, came: Asked<T>) {
        match came {
            Ok(answer) => {
                self.refusal.try_set(None);
                self.hold(answer.body);
            }
            Err(reason) => {
                self.refusal.try_set(Some(reason));
            }
        }
    }

    /// What was fetched; none before it was.
    pub(crate) fn value(self) -> Signal<Option<T>> {
        self.value.into()
    }

    /// What was fetched, as long as whoever asked is there.
    pub(crate) fn held(self) -> Option<T> {
        self.value.try_get_untracked().flatten()
    }

    /// Why it could not be fetched the last time.
    pub(crate) fn refusal(self) -> Signal<Option<NoAnswer>> {
        self.refusal.into()
    }

    fn has_failed(self) -> bool {
        let failed = self.refusal.try_with_untracked(Option::is_some);
        failed.unwrap_or_default()
    }

    /// The number of a new request, or of a change.
    fn number(self) -> u32 {
        self.newest.try_update_value(|newest| *newest += 1);
        self.newest.try_get_value().unwrap_or_default()
    }

    /// Takes over a newer value, as a change is answered with: what is on its way is older.
    pub(crate) fn take_over(self, value: T) {
        self.number();
        self.hold(value);
    }

    /// Holds a value. One that is the same wakes nobody.
    fn hold(self, value: T) {
        self.value.maybe_update(|held| {
            let is_new = held.as_ref() != Some(&value);
            *held = Some(value);
            is_new
        });
    }

    /// Forgets what was fetched, and fetches.
    pub(crate) fn anew(self) {
        self.value.set(None);
        self.again();
    }

    /// Fetches once more.
    pub(crate) fn again(self) {
        if self.refusal.try_set(None).is_none() {
            self.wanted.notify();
        }
    }

    /// Fetches once more, soon.
    pub(crate) fn soon(self) {
        self.pace.soon(move || self.again());
    }

    /// Shows that `what` is on its way, or why it is not; else what `draw` makes.
    pub(crate) fn faces(
        self,
        what: &'static str,
        draw: impl Fn() -> AnyView + Send + 'static,
    ) -> AnyView {
        let face = Memo::new(move |_| {
            if self.value.with(Option::is_some) {
                return Face::Here;
            }
            self.refusal.get().map_or(Face::Awaited, Face::Refused)
        });
        (move || match face.get() {
            Face::Here => draw(),
            Face::Awaited => {
                view! { <Notice icon=Icon::Spark title=format!("Loading {what}…") busy=true/> }
                    .into_any()
            }
            Face::Refused(reason) => view! {
                <Notice icon=Icon::Failed title=format!("SparkQ could not show {what}")>
                    <p>{reason.what}</p>
                    {reason.hint.map(|hint| view! { <p><code>{hint}</code></p> })}
                    <button class="button" on:click=move |_| self.again()>"Try again"</button>
                </Notice>
            }
            .into_any(),
        })
        .into_any()
    }
}

/// What there is to show.
#[derive(Clone, PartialEq, Eq)]
enum Face {
    Here,
    Awaited,
    Refused(NoAnswer),
}
