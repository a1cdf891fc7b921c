//! Which watchers live. No event tells of them, so they are asked for now and then.

use std::time::Duration;

use leptos::prelude::*;
use sparkq_core::Name;
use sparkq_core::wire::{Overview, WatcherInfo};

use super::fetched::Fetched;
use crate::client;

/// How often they are asked for while somebody looks.
const PACE: Duration = Duration::from_secs(15);

/// The watchers that live; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Watchers(Fetched<Overview>);

impl Watchers {
    /// Asks for them, for as long as whoever asked is there.
    pub(crate) fn follow() -> Self {
        let concerns = |event: &sparkq_core::wire::Event| event.task_id.is_none();
        let overview = Fetched::follow(client::queue::overview, concerns);
        let ticking = set_interval_with_handle(
            move || {
                if !document().hidden() {
                    overview.soon();
                }
            },
            PACE,
        );
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
        Self(overview)
    }

    /// The watcher of a stream; none while that is not known either.
    pub(crate) fn of(self, stream: &Name) -> Option<WatcherInfo> {
        self.0.value().with(|overview| {
            let mut watchers = overview.as_ref()?.watchers.iter();
            watchers.find(|watcher| watcher.stream == *stream).cloned()
        })
    }

    /// Whether it is known by now which there are.
    pub(crate) fn are_known(self) -> bool {
        self.0.value().with(Option::is_some)
    }

    /// Asks for them at once.
    pub(crate) fn again(self) {
        self.0.again();
    }
}
