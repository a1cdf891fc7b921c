//! Streams.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows streams.
#[component]
pub(crate) fn StreamsPage() -> impl IntoView {
    view! { <PageHead title="Streams"/> }
}
