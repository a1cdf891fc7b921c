//! Settings.

use leptos::prelude::*;

use crate::kit::PageHead;

/// Shows settings.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    view! { <PageHead title="Settings"/> }
}
