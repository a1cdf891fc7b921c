//! Plugins that keep failing and are not called for a while: which, why, and what to do.

use leptos::prelude::*;
use sparkq_core::wire::PluginFaults;

use super::{Glyph, Icon};

/// Says which plugins are left alone; nothing while there is none.
#[component]
pub(crate) fn LeftAlone(faults: Memo<Vec<PluginFaults>>) -> impl IntoView {
    let any = Memo::new(move |_| faults.with(|faults| !faults.is_empty()));
    view! {
        <Show when=move || any.get()>
            <section class="panel left-alone" aria-label="Plugins left alone">
                <h2><Glyph icon=Icon::Failed/>"Plugins left alone"</h2>
                <ul>
                    <For each=move || faults.get() key=|faults| (faults.plugin.clone(), faults.in_row) let:faults>
                        <li>
                            <strong>{faults.plugin.clone()}</strong>
                            {format!(" failed {} times in a row: {}", faults.in_row, faults.fault)}
                            <code>{format!("sparkq plugin logs {}", faults.plugin)}</code>
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
}
