//! The streams: what each is for, how much waits and runs, and the way to see only its tasks.

use leptos::prelude::*;
use sparkq_core::Status;
use sparkq_core::wire::{Activity, Stream};

use super::{Glyph, Icon};
use crate::route;

/// Lists streams as links that filter by them; the chosen one leads back to all.
#[component]
pub(crate) fn StreamList(
    #[prop(into)] streams: Signal<Vec<Stream>>,
    #[prop(into)] chosen: Signal<Option<String>>,
) -> impl IntoView {
    let card = move |stream: Stream| {
        let name = stream.name.as_str();
        let is_chosen = chosen
            .read()
            .as_deref()
            .is_some_and(|chosen| chosen.eq_ignore_ascii_case(name));
        let address = route::dashboard((!is_chosen).then_some(name));
        let ended = (stream.status == Activity::Ended)
            .then(|| view! { <span class="ended">"ended"</span> });
        view! {
            <li>
                <a class="stream" href=address aria-current=is_chosen.then_some("true") data-stream=name.to_owned()>
                    <span class="stream-head">
                        <span class="stream-name">{name.to_owned()}</span>
                        <span class="session">{stream.session_name.to_string()}</span>
                        {ended}
                    </span>
                    <span class="instructions">{first_line(&stream.instructions).to_owned()}</span>
                    <span class="stream-counts">
                        <Count status=Status::Queued of=stream.counts.queued/>
                        <Count status=Status::Running of=stream.counts.running/>
                    </span>
                </a>
            </li>
        }
    };
    view! { <ul class="streams">{move || streams.get().into_iter().map(card).collect_view()}</ul> }
}

#[component]
fn Count(status: Status, of: u64) -> impl IntoView {
    view! {
        <span data-tone=(of > 0).then_some(status.as_str())>
            <Glyph icon=Icon::from(status)/>
            {format!("{of} {status}")}
        </span>
    }
}

/// The first line that says something, without the marks of a Markdown heading.
fn first_line(instructions: &str) -> &str {
    let lines = instructions
        .lines()
        .map(|line| line.trim_start_matches('#').trim());
    lines
        .into_iter()
        .find(|line| !line.is_empty())
        .unwrap_or("No instructions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_shown_by_the_first_line_that_says_something() {
        assert_eq!(first_line("\n#\n## Fix the login  \nmore"), "Fix the login");
        assert_eq!(first_line(" \n"), "No instructions");
    }
}
