//! A dialog over the page: the browser's own, which keeps the focus inside and closes with Escape.

use leptos::html;
use leptos::prelude::*;

/// Shows `children` over the page while `open` holds.
#[component]
pub(crate) fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let place = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = place.get() else { return };
        match (open.get(), dialog.open()) {
            // One that is no longer in the document cannot be shown, and needs not be.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog class="dialog" node_ref=place aria-label=title on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2>{title}</h2>
                {children()}
            </Show>
        </dialog>
    }
}
