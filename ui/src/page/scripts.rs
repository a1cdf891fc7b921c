//! Scripts.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows scripts.
#[component]
pub(crate) fn ScriptsPage() -> impl IntoView {
    view! { <PageHead title="Scripts"/> }
}
