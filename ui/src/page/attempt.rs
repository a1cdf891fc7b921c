//! One attempt to change something: it is under way, or it was refused, or it is done.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::board::{Board, News};
use crate::client::{Asked, NoAnswer};
use crate::kit::{Glyph, Icon, Toasts};
use crate::words::moved_on;

/// What a form or a button is about to do; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Attempt {
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<NoAnswer>>,
    /// Where refusals are told: as a toast, or where the form shows them.
    toasts: Option<Toasts>,
}

impl Attempt {
    /// One whose refusals are toasts.
    pub(crate) fn told_in_toasts() -> Self {
        Self {
            toasts: Some(Toasts::expect()),
            ..Self::told_in_form()
        }
    }

    /// One whose refusals stand where [`Attempt::told`] is drawn. Toasts lie behind a dialog.
    pub(crate) fn told_in_form() -> Self {
        let refusal = RwSignal::new(None::<NoAnswer>);
        // That nobody answered is no longer so.
        Board::expect().listen(move |news| {
            let is_old = refusal.try_with_untracked(|reason| {
                reason.as_ref().is_some_and(|reason| reason.code.is_empty())
            });
            if matches!(news, News::Back) && is_old == Some(true) {
                refusal.set(None);
            }
        });
        Self {
            busy: RwSignal::new(false),
            refusal,
            toasts: None,
        }
    }

    /// Whether it is under way.
    pub(crate) fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Makes the change, unless one is under way, and goes on with the answer.
    pub(crate) fn start<T: 'static>(
        self,
        change: impl Future<Output = Asked<T>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refusal.set(None);
        spawn_local(async move {
            let came = change.await;
            self.busy.try_set(false);
            match (came, self.toasts) {
                (Ok(answer), _) => then(answer.body),
                (Err(reason), Some(toasts)) => toasts.fail(&reason),
                (Err(reason), None) => {
                    self.refusal.try_set(Some(reason));
                }
            }
        });
    }

    /// Shows why it was refused. The region is always there, so that a screen reader hears of it.
    pub(crate) fn told(self) -> AnyView {
        let draw = |reason: NoAnswer| {
            let fields = reason.fields.into_iter();
            let fields = fields
                .map(|issue| view! { <p>{format!("{}: {}", issue.pointer, issue.message)}</p> });
            view! {
                <div class="refusal" data-tone="failed">
                    <Glyph icon=Icon::Failed/>
                    <div>
                        <p>{reason.what}</p>
                        {fields.collect_view()}
                        {reason.hint.map(|hint| view! { <p><code>{hint}</code></p> })}
                    </div>
                </div>
            }
        };
        view! { <div role="alert">{move || self.refusal.get().map(draw)}</div> }.into_any()
    }
}

/// Says what has changed of how many are queued and running since `open` was set, for whoever is to confirm something.
pub(crate) fn changed_since(open: RwSignal<bool>, counts: Memo<(u64, u64)>) -> AnyView {
    let then = RwSignal::new(counts.get_untracked());
    Effect::new(move |_| {
        if open.get() {
            then.set(counts.get_untracked());
        }
    });
    let told = move || moved_on(then.get(), counts.get());
    view! { <p class="faint" role="status" data-moved=move || told().map(|_| "")>{told}</p> }
        .into_any()
}
