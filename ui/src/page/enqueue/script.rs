//! The path of a script, completed from the index as it is typed, and what the chosen script says of itself.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use sparkq_core::Script;

use super::fields::Control;
use crate::client;
use crate::kit::ScriptFacts;

/// How long nothing may have been typed before the index is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// How many scripts are offered at once.
const OFFERED: usize = 40;

/// The list of scripts that are offered; a handle, free to copy.
#[derive(Clone, Copy)]
struct Offer {
    text: Memo<String>,
    open: RwSignal<bool>,
    /// Whether something was typed since the field was entered; before that, all scripts are offered.
    typed: RwSignal<bool>,
    found: RwSignal<Vec<Script>>,
    active: RwSignal<Option<usize>>,
    chosen: RwSignal<Option<Script>>,
}

impl Offer {
    /// Asks the index again whenever what is typed or shown changes.
    fn follow(self) {
        let turn = StoredValue::new(0_u32);
        Effect::new(move |_| {
            let (text, open, typed) = (self.text.get(), self.open.get(), self.typed.get());
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            let is_mine = move || turn.try_get_value() == Some(mine);
            if text.is_empty() && !open {
                self.chosen.set(None);
                return;
            }
            let question = if open && !typed {
                String::new()
            } else {
                text.clone()
            };
            let ask = move || {
                if !is_mine() {
                    return;
                }
                spawn_local(async move {
                    let Ok(answer) = client::scripts::search(&question).await else {
                        return;
                    };
                    if is_mine() {
                        self.take(answer.body.items, &text, open);
                    }
                });
            };
            set_timeout(ask, PAUSE);
        });
    }

    fn take(self, mut scripts: Vec<Script>, text: &str, open: bool) {
        let chosen = scripts.iter().find(|script| script.path == text).cloned();
        if self.chosen.with_untracked(|old| *old != chosen) {
            self.chosen.set(chosen);
        }
        if open {
            scripts.truncate(OFFERED);
            let paths = |scripts: &[Script]| {
                scripts
                    .iter()
                    .map(|script| script.path.clone())
                    .collect::<Vec<_>>()
            };
            if self
                .found
                .with_untracked(|old| paths(old) != paths(&scripts))
            {
                self.active.set(None);
                self.found.set(scripts);
            }
        }
    }

    fn show(self) {
        if !self.open.get_untracked() {
            self.typed.set(false);
            self.active.set(None);
            self.open.set(true);
        }
    }

    fn hide(self) {
        self.open.set(false);
        self.active.set(None);
    }

    /// Moves to the next or the last offer, and round at the ends.
    fn step(self, on: bool) {
        self.show();
        let count = self.found.with_untracked(Vec::len);
        let next = match (self.active.get_untracked(), on) {
            _ if count == 0 => None,
            (None, true) => Some(0),
            (None, false) => Some(count - 1),
            (Some(at), true) => Some((at + 1) % count),
            (Some(at), false) => Some((at + count - 1) % count),
        };
        self.active.set(next);
    }
}

/// Draws a field for the path of a script.
pub(super) fn script(control: &Control) -> AnyView {
    let offer = Offer {
        text: control.text(),
        open: RwSignal::new(false),
        typed: RwSignal::new(false),
        found: RwSignal::new(Vec::new()),
        active: RwSignal::new(None),
        chosen: RwSignal::new(None),
    };
    offer.follow();
    let pick = {
        let control = control.clone();
        Callback::new(move |script: Script| {
            control.typed(script.path.clone(), false);
            offer.chosen.set(Some(script));
            offer.hide();
        })
    };
    let facts = move || {
        let chosen = offer.chosen.get();
        chosen.map(|script| {
            let path = script.path.clone();
            view! { <div class="script-chosen" data-chosen=path><ScriptFacts script/></div> }
        })
    };
    view! {
        <div class="combobox">
            {input(control, offer, pick)}
            {list(control, offer, pick)}
        </div>
        {facts}
    }
    .into_any()
}

fn input(control: &Control, offer: Offer, pick: Callback<Script>) -> AnyView {
    let (invalid, ids) = (control.invalid(), control.ids.clone());
    let (typing, leaving) = (control.clone(), control.clone());
    let list_id = format!("{}.list", ids.control);
    let options = list_id.clone();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let picked = offer
            .active
            .get_untracked()
            .filter(|_| offer.open.get_untracked());
        let picked =
            picked.and_then(|at| offer.found.with_untracked(|found| found.get(at).cloned()));
        match (event.key().as_str(), picked) {
            ("ArrowDown", _) => offer.step(true),
            ("ArrowUp", _) => offer.step(false),
            ("Enter", Some(script)) if !event.ctrl_key() && !event.meta_key() => pick.run(script),
            ("Escape", _) if offer.open.get_untracked() => offer.hide(),
            _ => return,
        }
        event.prevent_default();
    };
    let shown = Memo::new(move |_| offer.open.get() && offer.found.with(|found| !found.is_empty()));
    view! {
        <input
            class="input"
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            id=ids.control
            aria-autocomplete="list"
            aria-controls=list_id
            aria-expanded=move || shown.get().to_string()
            aria-activedescendant=move || offer.active.get().map(|at| format!("{options}.{at}"))
            aria-describedby=ids.described
            aria-invalid=move || invalid.get().then_some("true")
            prop:value=offer.text
            on:keydown=keys
            on:click=move |_| offer.show()
            on:input:target=move |event| {
                typing.typed(event.target().value(), false);
                offer.open.set(true);
                offer.typed.set(true);
            }
            on:blur=move |_| {
                offer.hide();
                leaving.draft.touch(&leaving.pointer);
            }
        />
    }
    .into_any()
}

fn list(control: &Control, offer: Offer, pick: Callback<Script>) -> AnyView {
    let list_id = format!("{}.list", control.ids.control);
    let id = list_id.clone();
    Effect::new(move |_| {
        let Some(at) = offer.active.get() else { return };
        if let Some(option) = document().get_element_by_id(&format!("{id}.{at}")) {
            show_option(&option);
        }
    });
    let options = list_id.clone();
    let option = move |(at, script): (usize, Script)| {
        let is_active = move || offer.active.get() == Some(at);
        let (path, said) = (script.path.clone(), script.description.clone());
        let key = path.clone();
        let tags = script.tags.join(" · ");
        view! {
            <li
                role="option"
                id=format!("{options}.{at}")
                data-option=key
                aria-selected=move || is_active().to_string()
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| pick.run(script.clone())
            >
                <code>{path}</code>
                <span class="option-tags">{tags}</span>
                <span class="option-said">{said}</span>
            </li>
        }
    };
    view! {
        <ul
            class="options"
            role="listbox"
            id=list_id
            aria-label="Scripts"
            hidden=move || !offer.open.get() || offer.found.with(Vec::is_empty)
        >
            {move || offer.found.get().into_iter().enumerate().map(option.clone()).collect_view()}
        </ul>
    }
    .into_any()
}

fn show_option(option: &Element) {
    let how = ScrollIntoViewOptions::new();
    how.set_block(ScrollLogicalPosition::Nearest);
    option.scroll_into_view_with_scroll_into_view_options(&how);
}
