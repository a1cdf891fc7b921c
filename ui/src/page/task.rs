//! Task.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows task.
#[component]
pub(crate) fn TaskPage() -> impl IntoView {
    view! { <PageHead title="Task"/> }
}
