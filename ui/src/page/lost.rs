//! The page for an address that leads nowhere.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::kit::{Icon, Notice};
use crate::route;

/// Says that there is no such page, and leads home.
#[component]
pub(crate) fn Lost() -> impl IntoView {
    view! {
        <Notice icon=Icon::Warning title="There is no such page">
            <p><A href=route::dashboard(None)>"Back to the dashboard"</A></p>
        </Notice>
    }
}
