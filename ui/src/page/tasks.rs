//! Tasks.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows tasks.
#[component]
pub(crate) fn TasksPage() -> impl IntoView {
    view! { <PageHead title="Tasks"/> }
}
