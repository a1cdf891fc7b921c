//! Plugins.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows plugins.
#[component]
pub(crate) fn PluginsPage() -> impl IntoView {
    view! { <PageHead title="Plugins"/> }
}
