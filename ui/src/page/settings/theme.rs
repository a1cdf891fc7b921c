//! The choice between dark and light.

use leptos::prelude::*;

use crate::theme::Theme;

/// Lets a person choose how the page looks.
pub(super) fn panel() -> AnyView {
    let chosen = RwSignal::new(Theme::chosen());
    let choice = move |theme: Theme| {
        let word = theme.as_str();
        let choose = move |_| {
            theme.choose();
            chosen.set(theme);
        };
        view! {
            <label>
                <input type="radio" name="theme" value=word prop:checked=move || chosen.get() == theme on:change=choose/>
                {match theme {
                    Theme::System => "As the system",
                    Theme::Dark => "Dark",
                    Theme::Light => "Light",
                }}
            </label>
        }
    };
    view! {
        <section class="panel">
            <div class="panel-head"><h2>"This page"</h2></div>
            <fieldset class="frame padded themes">
                <legend class="unseen">"Colours"</legend>
                {Theme::ALL.map(choice).collect_view()}
                <p class="faint">"Kept in this browser."</p>
            </fieldset>
        </section>
    }
    .into_any()
}
