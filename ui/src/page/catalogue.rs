//! What a page fetches of the catalogue, and fetches again when that is read anew.

use sparkq_core::wire::{EventKind, Tool};

use super::fetched::Fetched;
use crate::client::{self, Asked};

/// Fetches what `ask` does, and again when what it reads of signals changes, and when the catalogue does.
pub(crate) fn fetched<T, F>(ask: impl Fn() -> F + 'static) -> Fetched<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Asked<T>> + 'static,
{
    Fetched::follow(ask, |event| changes_catalogue(event.kind))
}

/// Fetches the tools.
pub(crate) fn tools() -> Fetched<Vec<Tool>> {
    fetched(|| async { Ok(client::tools::all().await?.map(|list| list.items)) })
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
