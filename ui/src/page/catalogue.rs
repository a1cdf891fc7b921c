//! What a page fetches of the catalogue, and fetches again when that is read anew.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::EventKind;

use crate::board::{Board, Face, News};
use crate::client::NoAnswer;
use crate::kit::{Icon, Notice};
use crate::pace::Pace;

/// Something fetched; a handle, free to copy.
pub(crate) struct Fetched<T: Send + Sync + 'static> {
    /// What came; none before anything did. What came once stays to be seen.
    pub(crate) here: RwSignal<Option<T>>,
    /// Why nothing came, the last time.
    failed: RwSignal<Option<NoAnswer>>,
    turn: RwSignal<u32>,
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
    let pace = Pace::begin();
    Board::expect().listen(move |news| {
        let matters = match news {
            News::Event(event) => changes_catalogue(event.kind),
            News::Anew => true,
            News::Back => fetched
                .failed
                .try_with_untracked(Option::is_some)
                .unwrap_or_default(),
        };
        if matters {
            pace.soon(move || fetched.again());
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
}
