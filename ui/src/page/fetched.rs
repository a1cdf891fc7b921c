//! What a page fetches of the catalogue, and fetches again when that is read anew.

//! What a page fetches for itself, and keeps up to date: it is fetched again when an event is about it, and never more
//! often than there is a breath between.
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::EventKind;

use crate::board::{Board, Face, News};
use crate::client::NoAnswer;
use crate::kit::{Icon, Notice};

/// How long to wait for more changes: a reload tells of several.
const BREATH: Duration = Duration::from_millis(100);

/// Something fetched; a handle, free to copy.
pub(crate) struct Fetched<T: Send + Sync + 'static> {
    /// What came; none before anything did. What came once stays to be seen.
    pub(crate) here: RwSignal<Option<T>>,
    /// Why nothing came, the last time.
    failed: RwSignal<Option<NoAnswer>>,
    turn: RwSignal<u32>,
use sparkq_core::wire::Event;
use crate::board::{Board, News};
use crate::client::{Asked, NoAnswer};
/// How long events may come in before what they are about is fetched again.
const BREATH: Duration = Duration::from_millis(250);
type Ask<T> = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = Asked<T>>>>>;
    value: RwSignal<Option<T>>,
    refusal: RwSignal<Option<NoAnswer>>,
    ask: StoredValue<Ask<T>, LocalStorage>,
    /// The newest request: the answers of older ones are dropped.
    number: StoredValue<u32>,
    is_due: StoredValue<bool>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

/// Fetches what `fetch` does: now, whenever what it reads of signals changes, and when the catalogue does.
pub(crate) fn fetched<T, F>(fetch: impl Fn() -> F + 'static) -> Fetched<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, NoAnswer>> + 'static,
{
    let fetched = Fetched {
        here: RwSignal::new(None),
        failed: RwSignal::new(None),
        turn: RwSignal::new(0),
    };
    let asked = StoredValue::new(0_u32);
    Board::expect().listen(move |news| {
        let Some(waiting) = fetched.turn.try_get_untracked() else {
            return;
        };
        let matters = match news {
            News::Event(event) => changes_catalogue(event.kind),
            News::Anew => true,
        };
        let soon = move || {
            if fetched.turn.try_get_untracked() == Some(waiting) {
                fetched.again();
            }
        };
        if matters {
            set_timeout(soon, BREATH);
        }
    });
    Effect::new(move |_| {
        fetched.turn.track();
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        let coming = fetch();
        spawn_local(async move {
            let came = coming.await;
            if asked.try_get_value() != Some(mine) {
                return;
            }
            fetched.failed.set(came.as_ref().err().cloned());
            if let Ok(came) = came
                && fetched
                    .here
                    .with_untracked(|here| here.as_ref() != Some(&came))
            {
                fetched.here.set(Some(came));
            }
        });
    });
    fetched
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Fetched<T> {
    /// Fetches once more.
    pub(crate) fn again(self) {
        self.turn.try_update(|turn| *turn += 1);
    }

    /// Draws what is there with `draw`. Until then it says that `what` is being loaded, or why it could not be.
    pub(crate) fn shown(
impl<T: Clone + Send + Sync + 'static> Fetched<T> {
    /// Fetches with `ask`, and again after each event that `concerns` it, for as long as whoever asked is there.
    pub(crate) fn follow<F>(
        ask: impl Fn() -> F + 'static,
        concerns: impl Fn(&Event) -> bool + 'static,
    ) -> Self
    where
        F: Future<Output = Asked<T>> + 'static,
        let fetched = Self {
            value: RwSignal::new(None),
            refusal: RwSignal::new(None),
            ask: StoredValue::new_local(Rc::new(move || Box::pin(ask()))),
            number: StoredValue::new(0),
            is_due: StoredValue::new(false),
        Board::expect().listen(move |news| match news {
            News::Event(event) if concerns(event) => fetched.soon(),
            News::Event(_) => {}
            News::Anew => fetched.soon(),
        fetched
    /// What was fetched; none before it was.
    pub(crate) fn value(self) -> Signal<Option<T>> {
        self.value.into()
    /// Why it could not be fetched the last time.
    pub(crate) fn refusal(self) -> Signal<Option<NoAnswer>> {
        self.refusal.into()
    /// Takes over a newer value, as a change is answered with.
    pub(crate) fn take_over(self, value: T) {
        self.value.set(Some(value));
    /// Forgets what was fetched, and fetches.
    pub(crate) fn anew(self) {
        self.value.set(None);
        self.again();
        self.refusal.set(None);
        let Some(ask) = self.ask.try_get_value() else {
        self.number.update_value(|number| *number += 1);
        let number = self.number.get_value();
            let answer = ask().await;
            if self.number.try_get_value() != Some(number) {
            match answer {
                Ok(answer) => {
                    self.value.try_set(Some(answer.body));
                }
                Err(reason) => {
                    self.refusal.try_set(Some(reason));
                }
    /// Fetches once more when nothing has asked for that for a moment.
    pub(crate) fn soon(self) {
        if self.is_due.try_get_value() != Some(false) {
        self.is_due.set_value(true);
        set_timeout(
            move || {
                if self.is_due.try_set_value(false).is_none() {
                    self.again();
                }
            },
            BREATH,
        );
    /// Shows that `what` is on its way, or why it is not; else what `draw` makes.
    pub(crate) fn faces(
        self,
        what: &'static str,
        draw: impl Fn() -> AnyView + Send + 'static,
    ) -> AnyView {
        let face = Memo::new(
            move |_| match (self.here.read().is_some(), self.failed.get()) {
                (true, _) => Face::Ready,
                (false, None) => Face::Loading,
                (false, Some(reason)) => Face::Broken(reason.what),
            },
        );
        (move || match face.get() {
            Face::Ready => draw(),
            Face::Loading => {
                view! { <Notice icon=Icon::Spark title=format!("Loading {what}…") busy=true/> }
                    .into_any()
            }
            Face::Broken(reason) => view! {
                <Notice icon=Icon::Failed title=format!("SparkQ could not load {what}")>
                    <p>{reason}</p>
        let face = Memo::new(move |_| match self.value.with(Option::is_some) {
            true => Face::Here,
            false => self.refusal.get().map_or(Face::Awaited, Face::Refused),
        });
            Face::Here => draw(),
            Face::Awaited => {
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

/// Whether tools or scripts may be others after an event.
pub(crate) const fn changes_catalogue(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::PluginAdded
            | EventKind::PluginRemoved
            | EventKind::PluginQuarantined
            | EventKind::PluginRestored
            | EventKind::ConfigReloaded
    )
/// What there is to show.
#[derive(Clone, PartialEq, Eq)]
enum Face {
    Here,
    Awaited,
    Refused(NoAnswer),
}
