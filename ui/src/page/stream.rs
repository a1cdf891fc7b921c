//! Stream.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows stream.
#[component]
pub(crate) fn StreamPage() -> impl IntoView {
    view! { <PageHead title="Stream"/> }
}
