//! What came of the last tasks.

use leptos::prelude::*;
use sparkq_core::wire::Task;

use super::watch::Watch;
use crate::kit::{Ago, Glyph, Icon, Notice, first_line, seen_text, title_of};
use crate::route;

/// How many are listed.
const LISTED: usize = 8;

/// Lists the last tasks that ended, each with the first line of its summary or its error.
pub(super) fn recent(watch: RwSignal<Option<Watch>>, chosen: Memo<Option<String>>) -> AnyView {
    let ended = Memo::new(move |_| {
        let chosen = chosen.get();
        let is_wanted = |task: &&Task| {
            chosen
                .as_deref()
                .is_none_or(|name| task.stream_name.as_str().eq_ignore_ascii_case(name))
        };
        let of = |watch: &Watch| {
            let ended = watch.ended(usize::MAX).into_iter();
            ended
                .filter(is_wanted)
                .take(LISTED)
                .cloned()
                .collect::<Vec<_>>()
        };
        watch.with(|watch| watch.as_ref().map(of).unwrap_or_default())
    });
    let list = move || {
        let ended = ended.get();
        if ended.is_empty() && watch.with(Option::is_none) {
            return view! { <Notice icon=Icon::Spark title="Loading…" busy=true/> }.into_any();
        }
        if ended.is_empty() {
            return view! { <Notice icon=Icon::Empty title="Nothing has ended yet"/> }.into_any();
        }
        view! { <ol class="results">{ended.into_iter().map(result).collect_view()}</ol> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="results">
            <div class="panel-head"><h2 id="results">"Latest results"</h2></div>
            <div class="frame">{list}</div>
        </section>
    }
    .into_any()
}

fn result(task: Task) -> AnyView {
    let said = task
        .error
        .clone()
        .or_else(|| task.summary())
        .unwrap_or_default();
    let at = task.finished_at.unwrap_or(task.updated_at);
    view! {
        <li data-tone=task.status.as_str()>
            <Glyph icon=Icon::from(task.status)/>
            <div>
                <p class="result-head">
                    <a href=route::task(task.id.as_str()) title=title_of(&task)>{title_of(&task)}</a>
                    <span class="unseen">{task.status.as_str()}</span>
                    <span class="result-when">{task.stream_name.to_string()}" · "<Ago at/></span>
                </p>
                <p class="result-said" title=seen_text(&said)>{first_line(&said).unwrap_or_default()}</p>
            </div>
        </li>
    }
    .into_any()
}
