//! What can be done with the tasks that are chosen, in a bar that stays at the lower edge while there are any.

use leptos::prelude::*;
use sparkq_core::Verb;

use super::chosen::Chosen;
use super::desk::Desk;
use super::each::{Each, Target};
use super::whole::Whole;
use crate::kit::{CopyButton, Glyph, Icon};
use crate::words::spelled;

/// Why there is no purge of single tasks.
const NO_PURGE: &str =
    "SparkQ purges by filter, not by single tasks: choose all that match, or use “Purge finished…”";

/// Why there is no cancel of a whole filter.
const NO_CANCEL: &str = "SparkQ cancels single tasks: choose those that are loaded";

/// Draws the bar, while tasks are chosen.
pub(super) fn chosen_bar(desk: Desk, whole: Whole) -> AnyView {
    let each = Each::of(desk);
    let some = Memo::new(move |_| desk.chosen.with(|chosen| chosen.len() > 0));
    let is_whole = Memo::new(move |_| desk.chosen.with(Chosen::is_whole));
    view! {
        <Show when=move || some.get()>
            <section class="chosen-bar" aria-label="Chosen tasks">
                {how_many(desk, is_whole)}
                {move || if is_whole.get() { for_whole(whole) } else { for_each(desk, each) }}
                <button class="button" on:click=move |_| desk.chosen.set(Chosen::default())>"Choose none"</button>
            </section>
        </Show>
        {each.dialog()}
    }
    .into_any()
}

fn how_many(desk: Desk, is_whole: Memo<bool>) -> AnyView {
    let tally = desk.tally();
    let told = move || {
        if is_whole.get() {
            format!("All {} that match", spelled(tally.get().total))
        } else {
            format!("{} chosen", spelled(desk.chosen.with(Chosen::len) as u64))
        }
    };
    // Once all that are loaded are chosen, the rest is one step away.
    let can_grow = move || {
        let tally = tally.get();
        let len = desk.chosen.with(Chosen::len);
        !is_whole.get() && len >= tally.loaded && tally.total > len as u64
    };
    view! {
        <strong role="status">{told}</strong>
        <Show when=can_grow>
            <button class="button" data-act="whole" on:click=move |_| desk.chosen.update(Chosen::choose_whole)>
                {move || format!("Choose all {} that match", spelled(tally.get().total))}
            </button>
        </Show>
    }
    .into_any()
}

fn for_whole(whole: Whole) -> AnyView {
    view! {
        {whole.buttons()}
        <button class="button" disabled=true title=NO_CANCEL><Glyph icon=Icon::Failed/>"Cancel"</button>
    }
    .into_any()
}

fn for_each(desk: Desk, each: Each) -> AnyView {
    let targets = Memo::new(move |_| Target::chosen(desk));
    let taking = move |verb: Verb| {
        targets.with(|targets| targets.iter().filter(|target| target.takes(verb)).count() as u64)
    };
    let ids = Signal::derive(move || {
        let targets = targets.get();
        let ids = targets.iter().map(|target| target.id().to_string());
        ids.collect::<Vec<_>>().join("\n")
    });
    let act = move |verb: Verb, word: &'static str, icon: Icon| {
        let none = format!("None of the chosen tasks can be {}", verb.done());
        let count = Memo::new(move |_| taking(verb));
        view! {
            <button
                class="button"
                data-act=word.to_lowercase()
                disabled=move || count.get() == 0
                title=move || (count.get() == 0).then(|| none.clone())
                on:click=move |_| each.begin(verb, targets.get_untracked())
            >
                <Glyph icon/>
                {move || match count.get() {
                    0 => word.to_owned(),
                    count => format!("{word} {}", spelled(count)),
                }}
            </button>
        }
    };
    view! {
        {act(Verb::Requeue, "Requeue", Icon::Again)}
        {act(Verb::Cancel, "Cancel", Icon::Failed)}
        <button class="button" disabled=true title=NO_PURGE><Glyph icon=Icon::Purge/>"Purge"</button>
        <CopyButton text=ids what="the ids of the chosen tasks" label="Copy ids"/>
    }
    .into_any()
}
