//! The face of a view that has nothing to list: empty, loading or broken.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Says why there is nothing to see, and what to do about it.
#[component]
pub(crate) fn Notice(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(optional)] busy: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="notice" aria-busy=busy.then_some("true")>
            <Glyph icon/>
            <h2>{title}</h2>
            {children.map(|children| children())}
        </section>
    }
}
