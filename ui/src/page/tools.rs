//! Tools.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows tools.
#[component]
pub(crate) fn ToolsPage() -> impl IntoView {
    view! { <PageHead title="Tools"/> }
}
