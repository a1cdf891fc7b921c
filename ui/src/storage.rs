//! What the browser keeps of this page; one that keeps nothing, as it may be told to, has neither.

use leptos::prelude::*;
use leptos::web_sys::Storage;

/// What all tabs share, and lasts.
pub(crate) fn lasting() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What is this tab's own, and goes with it.
pub(crate) fn of_tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
