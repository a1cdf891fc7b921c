//! The bar of filters. What is chosen in it becomes the address, and what it shows comes from there.

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use sparkq_core::Status;
use sparkq_core::wire::{Activity, Counts, Filter, Stream, Tool};

use super::desk::Desk;
use super::filter::is_all;
use crate::board::Board;
use crate::kit::{Glyph, Icon};
use crate::page::catalogue;
use crate::route::{self, Place};
use crate::words::spelled;

/// How long nothing may have been typed before it is searched for.
const TYPED: Duration = Duration::from_millis(250);

/// Draws the filters.
pub(super) fn bar(desk: Desk) -> AnyView {
    let filter = desk.filter();
    let some = Memo::new(move |_| !filter.with(is_all));
    view! {
        <search class="task-filters" aria-label="Filter tasks">
            {chips(filter)}
            <div class="row">
                {search_field(filter)}
                {picker("stream", filter, streams(), |filter| &mut filter.stream)}
                {picker("tool", filter, tools(), |filter| &mut filter.tool)}
                <Show when=move || some.get()>
                    <a class="button" href=route::TASKS><Glyph icon=Icon::Failed/>"Clear"</a>
                </Show>
            </div>
        </search>
    }
    .into_any()
}

/// The statuses, each with how many tasks stand there: of the stream that is chosen, else of the whole queue. What the
/// other filters leave of them only the server could count, so that it is said of what these are the numbers.
fn chips(filter: Memo<Filter>) -> AnyView {
    let board = Board::expect();
    let counts = Memo::new(move |_| {
        let stream = filter.with(|filter| filter.stream.clone());
        match stream {
            None => Some(board.counts().get()),
            Some(stream) => board.streams().with(|streams| counts_of(streams, &stream)),
        }
    });
    let queue_stale = board.stale();
    let stale = Signal::derive(move || {
        let is_whole = filter.with(|filter| filter.stream.is_none());
        // Of which streams they are is known only where there is none.
        Some(queue_stale.get()).filter(|stale| is_whole || *stale == 0)
    });
    let all = Signal::derive(move || {
        let sum = |counts: Counts| Status::ALL.iter().map(|at| counts.of(*at)).sum();
        counts.get().map(sum)
    });
    let of_status = |status: Status| {
        let count = Signal::derive(move || counts.get().map(|counts| counts.of(status)));
        chip(filter, status.as_str(), Icon::from(status), count)
    };
    let of_what = move || filter.with(spell_counted);
    view! {
        <ul class="chips" aria-label="Status">
            {chip(filter, "all", Icon::Spark, all)}
            {Status::ALL.map(of_status).collect_view()}
            {chip(filter, "stale", Icon::Warning, stale)}
            <li class="chips-of" data-counted>{of_what}</li>
        </ul>
    }
    .into_any()
}

/// The counts of the stream that a filter names: the active one, else one that has ended.
fn counts_of(streams: &[Stream], named: &str) -> Option<Counts> {
    let is_named = |stream: &&Stream| {
        stream.id.as_str() == named || stream.name.as_str().eq_ignore_ascii_case(named)
    };
    streams.iter().find(is_named).map(|stream| stream.counts)
}

/// Says of which tasks the numbers are, and which part of the filter they leave aside.
fn spell_counted(filter: &Filter) -> String {
    let of = match &filter.stream {
        None => "of the whole queue".to_owned(),
        Some(stream) => format!("of {stream}"),
    };
    let aside = match (&filter.tool, &filter.q) {
        (None, None) => "",
        (Some(_), None) => ", for any tool",
        (None, Some(_)) => ", not only what is searched for",
        (Some(_), Some(_)) => ", whatever tool and search",
    };
    format!("{of}{aside}")
}

fn chip(
    filter: Memo<Filter>,
    word: &'static str,
    icon: Icon,
    count: Signal<Option<u64>>,
) -> AnyView {
    let is_chosen = Memo::new(move |_| {
        let filter = filter.get();
        let chosen = if filter.stale == Some(true) {
            Some("stale")
        } else {
            filter.status.as_deref()
        };
        chosen.unwrap_or("all") == word
    });
    let address = move || {
        route::tasks(&Filter {
            status: (!matches!(word, "all" | "stale")).then(|| word.to_owned()),
            stale: (word == "stale").then_some(true),
            ..filter.get()
        })
    };
    view! {
        <li>
            <a
                class="chip"
                href=address
                data-tone=word
                data-chip=word
                data-none=move || (count.get() == Some(0)).then_some("")
                aria-current=move || is_chosen.get().then_some("true")
            >
                <Glyph icon/>
                {word}
                <span class="chip-count">{move || count.get().map(spelled)}</span>
            </a>
        </li>
    }
    .into_any()
}

fn search_field(filter: Memo<Filter>) -> AnyView {
    let field = NodeRef::<html::Input>::new();
    let asked = Memo::new(move |_| filter.with(|filter| filter.q.clone().unwrap_or_default()));
    // What is being typed is ahead of the address.
    Effect::new(move |_| {
        let asked = asked.get();
        let Some(field) = field.get() else { return };
        if field.value().trim() != asked.trim() && !field.matches(":focus").unwrap_or_default() {
            field.set_value(&asked);
        }
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        waiting.try_update_value(|waiting| waiting.take().map(|handle| handle.clear()));
    };
    on_cleanup(stop);
    let typed = move |event: ev::Event| {
        let q = Some(event_target_value(&event)).filter(|q| !q.trim().is_empty());
        stop();
        let search = move || {
            let filter = filter.get_untracked();
            Place::here().replace(&route::tasks(&Filter { q, ..filter }));
        };
        waiting.set_value(set_timeout_with_handle(search, TYPED).ok());
    };
    view! {
        <label class="search-field">
            <Glyph icon=Icon::Search/>
            <span class="unseen">"Search in label, payload, summary, error and outputs"</span>
            <input
                id="search"
                class="input"
                type="search"
                placeholder="Search"
                autocomplete="off"
                spellcheck="false"
                node_ref=field
                on:input=typed
            />
        </label>
    }
    .into_any()
}

/// One thing to choose among: its value in the address, and how it is shown.
type Choices = Signal<Vec<(String, String)>>;

fn picker(
    what: &'static str,
    filter: Memo<Filter>,
    choices: Choices,
    part: fn(&mut Filter) -> &mut Option<String>,
) -> AnyView {
    let chosen = Memo::new(move |_| part(&mut filter.get()).clone().unwrap_or_default());
    let changed = move |event: ev::Event| {
        let mut filter = filter.get_untracked();
        *part(&mut filter) = Some(event_target_value(&event)).filter(|value| !value.is_empty());
        route::go(&route::tasks(&filter));
    };
    let options = move || {
        let (mut choices, chosen) = (choices.get(), chosen.get());
        let is_chosen = |value: &str| value.eq_ignore_ascii_case(&chosen);
        if !chosen.is_empty() && !choices.iter().any(|(value, _)| is_chosen(value)) {
            choices.push((chosen.clone(), chosen.clone()));
        }
        let option = |(value, name): (String, String)| {
            let selected = is_chosen(&value);
            view! { <option value=value prop:selected=selected>{name}</option> }
        };
        choices.into_iter().map(option).collect_view()
    };
    view! {
        <select class="input" aria-label=format!("Of one {what}") data-filter=what on:change=changed>
            <option value="" prop:selected=move || chosen.with(String::is_empty)>{format!("Any {what}")}</option>
            {options}
        </select>
    }
    .into_any()
}

/// The streams by name, and by id where an earlier one has the name.
fn streams() -> Choices {
    let streams = Board::expect().streams();
    let choice = |(place, stream): (usize, &Stream), all: &[Stream]| {
        let name = stream.name.to_string();
        let is_taken = all[..place].iter().any(|other| other.name == stream.name);
        let value = if is_taken {
            stream.id.to_string()
        } else {
            name.clone()
        };
        match stream.status {
            Activity::Active => (value, name),
            Activity::Ended => (value, format!("{name} (ended)")),
        }
    };
    Signal::derive(move || {
        let all = streams.get();
        all.iter()
            .enumerate()
            .map(|stream| choice(stream, &all))
            .collect()
    })
}

fn tools() -> Choices {
    let tools = catalogue::tools().value();
    let choice = |tool: &Tool| (tool.definition.name.clone(), tool.definition.name.clone());
    // Without an answer the address can still name one.
    Signal::derive(move || {
        let tools = tools.read();
        tools.iter().flatten().map(choice).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_say_of_what_they_are() {
        let mut filter = Filter::default();
        assert_eq!(spell_counted(&filter), "of the whole queue");
        filter.q = Some("login".to_owned());
        assert_eq!(
            spell_counted(&filter),
            "of the whole queue, not only what is searched for"
        );
        filter.stream = Some("auth".to_owned());
        filter.tool = Some("run-bash".to_owned());
        assert_eq!(spell_counted(&filter), "of auth, whatever tool and search");
    }
}
