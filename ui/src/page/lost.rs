//! The page for an address that leads nowhere.

use leptos::prelude::*;

use crate::kit::{Icon, Notice, PageHead};
use crate::route;

/// Says that there is no such page, and leads home.
#[component]
pub(crate) fn Lost() -> impl IntoView {
    view! {
        <PageHead title="Not found"/>
        <Notice icon=Icon::Warning title="There is no such page">
            <p><a href=route::dashboard(None)>"Back to the dashboard"</a></p>
        </Notice>
    }
}
