//! Sessions.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows sessions.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    view! { <PageHead title="Sessions"/> }
}
