//! The top of a page: its title, what it counts, and what can be done from it.

use leptos::prelude::*;

use crate::board::Board;

/// Names the page, here and in the browser's tab. `children` are its actions.
#[component]
pub(crate) fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] tally: MaybeProp<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let project = Board::expect().project();
    Effect::new(move |_| {
        let words = [title.get(), project.get(), "SparkQ".to_owned()];
        let words = words.into_iter().filter(|word| !word.is_empty());
        document().set_title(&words.collect::<Vec<_>>().join(" · "));
    });
    view! {
        <div class="page-head">
            <h1>{title}</h1>
            <span class="tally">{move || tally.get()}</span>
            <div class="actions">{children.map(|children| children())}</div>
        </div>
    }
}
