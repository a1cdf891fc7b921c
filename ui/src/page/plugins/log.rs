//! What a plugin wrote and how it failed, once somebody asks.

use leptos::html;
use leptos::prelude::*;
use sparkq_core::wire::{List, PluginLine};

use crate::client;
use crate::kit::{Ago, Icon, Notice};
use crate::page::attempt::Attempt;
use crate::route;

/// The lines that are held, oldest first, and the cursor to those before them.
type Held = Option<List<PluginLine>>;

/// Shows the log of a plugin when it is opened.
pub(super) fn panel(plugin: String) -> AnyView {
    let plugin = StoredValue::new(plugin);
    let held = RwSignal::new(None::<List<PluginLine>>);
    let attempt = Attempt::told_in_form();
    let place = NodeRef::<html::Details>::new();
    let newest = move || {
        let asked = client::plugins::logs(plugin.get_value(), None);
        attempt.start(asked, move |lines| held.set(Some(lines)));
    };
    let older = move |_| {
        let cursor =
            held.with_untracked(|held| held.as_ref().and_then(|held| held.next_cursor.clone()));
        let asked = client::plugins::logs(plugin.get_value(), cursor);
        attempt.start(asked, move |older| {
            held.update(|held| *held = Some(joined(older, held.take())));
        });
    };
    let toggled = move |_| {
        if place.get().is_some_and(|place| place.open()) {
            newest();
        }
    };
    let has_older = Memo::new(move |_| {
        let held = held.read();
        held.as_ref().is_some_and(|held| held.next_cursor.is_some())
    });
    let lines = move || held.get().map(|held| drawn(held.items));
    view! {
        <details class="plugin-log" node_ref=place on:toggle=toggled>
            <summary>"Log"</summary>
            {attempt.told()}
            <p class="row">
                <button class="button" disabled=move || attempt.is_busy() on:click=move |_| newest()>"Refresh"</button>
                <Show when=move || has_older.get()>
                    <button class="button" disabled=move || attempt.is_busy() on:click=older>"Older lines"</button>
                </Show>
                <span class="faint" role="status">{move || attempt.is_busy().then_some("Loading…")}</span>
            </p>
            {lines}
        </details>
    }
    .into_any()
}

/// Puts the lines before those that are held.
fn joined(older: List<PluginLine>, held: Held) -> List<PluginLine> {
    let mut items = older.items;
    let first = items.last().map_or(i64::MIN, |line| line.seq);
    let newer = held.into_iter().flat_map(|held| held.items);
    items.extend(newer.filter(|line| line.seq > first));
    List { items, ..older }
}

fn drawn(lines: Vec<PluginLine>) -> AnyView {
    if lines.is_empty() {
        return view! {
            <Notice icon=Icon::Empty title="Nothing logged">
                <p>"What it writes and how it fails stands here."</p>
            </Notice>
        }
        .into_any();
    }
    let line = |line: PluginLine| {
        let tone = match line.level.as_str() {
            "error" | "fault" => Some("failed"),
            "warn" => Some("stale"),
            _ => None,
        };
        let task = line.task_id.map(|id| {
            let address = route::task(&id);
            view! { " "<a href=address>{id}</a> }
        });
        view! {
            <li>
                <span class="log-level" data-tone=tone>{line.level}</span>
                <span class="log-about"><Ago at=line.at/>" in "<code>{line.function}</code>{task}</span>
                <span class="log-message">{line.message}</span>
            </li>
        }
    };
    view! { <ol class="log-lines">{lines.into_iter().map(line).collect_view()}</ol> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_lines_come_before_those_that_are_held_and_none_comes_twice() {
        let list = |seqs: &[i64]| List {
            items: seqs.iter().map(|seq| line(*seq)).collect(),
            total: 9,
            next_cursor: None,
        };
        let joined = joined(list(&[1, 2, 3]), Some(list(&[3, 4])));
        let seqs: Vec<_> = joined.items.iter().map(|line| line.seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4]);
    }

    fn line(seq: i64) -> PluginLine {
        let text = format!(
            r#"{{"seq":{seq},"at":"2026-01-01T00:00:00.000Z","plugin":"a","level":"info","function":"f","message":""}}"#
        );
        serde_json::from_str(&text).expect("a line")
    }
}
