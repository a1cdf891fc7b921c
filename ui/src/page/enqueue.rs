//! Enqueue.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows enqueue.
#[component]
pub(crate) fn EnqueuePage() -> impl IntoView {
    view! { <PageHead title="Enqueue"/> }
}
