//! The bar of filters. What is chosen in it becomes the address, and what it shows comes from there.

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::Status;
use sparkq_core::wire::{Activity, Filter, Stream};

use super::desk::Desk;
use super::filter::is_all;
use super::words::spelled;
use crate::board::Board;
use crate::client;
use crate::kit::{Glyph, Icon};
use crate::route::{self, Place};

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

/// The statuses, each with how many tasks of the whole queue stand there.
fn chips(filter: Memo<Filter>) -> AnyView {
    let board = Board::expect();
    let (counts, stale) = (board.counts(), board.stale());
    let all = Signal::derive(move || Status::ALL.iter().map(|at| counts.get().of(*at)).sum());
    let of_status = |status: Status| {
        let count = Signal::derive(move || counts.get().of(status));
        chip(filter, status.as_str(), Icon::from(status), count)
    };
    view! {
        <ul class="chips" aria-label="Status">
            {chip(filter, "all", Icon::Spark, all)}
            {Status::ALL.map(of_status).collect_view()}
            {chip(filter, "stale", Icon::Warning, stale.into())}
        </ul>
    }
    .into_any()
}

fn chip(filter: Memo<Filter>, word: &'static str, icon: Icon, count: Signal<u64>) -> AnyView {
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
                data-none=move || (count.get() == 0).then_some("")
                aria-current=move || is_chosen.get().then_some("true")
            >
                <Glyph icon/>
                {word}
                <span class="chip-count">{move || spelled(count.get())}</span>
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
    let tools = RwSignal::new(Vec::new());
    spawn_local(async move {
        // Without an answer the address can still name one.
        if let Ok(answer) = client::tools::all().await {
            let names = answer
                .body
                .items
                .into_iter()
                .map(|tool| tool.definition.name);
            tools.try_set(names.map(|name| (name.clone(), name)).collect::<Vec<_>>());
        }
    });
    tools.into()
}
