//! A list of texts: a row for each, to be added, taken out and moved.

use leptos::prelude::*;

use super::draft::Draft;
use super::fields::{Control, titled};
use super::json::{Json, below};
use super::schema::Field;
use crate::kit::{self, FieldIds, Glyph, Icon, IssueList, each};

/// Draws a list of texts.
pub(super) fn lines(control: &Control, field: &Field) -> AnyView {
    let (draft, pointer) = (control.draft, control.pointer.clone());
    let value = draft.value(pointer.clone());
    let count = Memo::new(move |_| value.with(|value| value.as_ref().map_or(0, length)));
    let place = pointer.clone();
    let title = field.title.clone();
    let row = move |index: usize| {
        let name = format!("{title}, {}", index + 1);
        let control = Control::at(draft, below(&place, &index.to_string()), name);
        line(control, place.clone(), index)
    };
    let add = move |_| insert(draft, &pointer, count.get_untracked());
    let inside = view! {
        <ol class="rows">
            {each(move || (0..count.get()).collect(), usize::to_string, row)}
        </ol>
        <button type="button" class="button small add-row" on:click=add><Glyph icon=Icon::Add/>{format!("Add to {}", field.title)}</button>
    };
    titled(control, field, inside.into_any())
}

fn length(value: &Json) -> usize {
    match value {
        Json::List(items) => items.len(),
        _ => 0,
    }
}

fn line(control: Control, list: String, index: usize) -> AnyView {
    let (text, invalid, ids) = (control.text(), control.invalid(), control.ids.clone());
    let (draft, issues, name, on_use) = (
        control.draft,
        control.issues,
        control.title.clone(),
        control.on_use(),
    );
    let value = draft.value(list.clone());
    let is_last =
        Memo::new(move |_| value.with(|value| value.as_ref().map_or(0, length)) == index + 1);
    let places = StoredValue::new((list, control.pointer.clone()));
    let step = move |up: bool| {
        let to = if up {
            index.checked_sub(1)
        } else {
            Some(index + 1).filter(|_| !is_last.get_untracked())
        };
        if let Some(to) = to {
            places.with_value(|(list, _)| swap(draft, list, (index, to)));
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowUp" | "ArrowDown" if event.alt_key() => {
            event.prevent_default();
            step(event.key() == "ArrowUp");
        }
        "Enter" if !event.ctrl_key() && !event.meta_key() => {
            event.prevent_default();
            places.with_value(|(list, _)| insert(draft, list, index + 1));
        }
        _ => {}
    };
    let remove = move |_| {
        places.with_value(|(list, own)| {
            draft.clear(own);
            focus_control(FieldIds::of(&below(list, &index.saturating_sub(1).to_string())).control);
        });
    };
    let issues_id = format!("{}.issues", ids.control);
    let pointer = control.pointer.clone();
    view! {
        <li class="row-line" data-field=pointer>
            <input
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                id=ids.control
                aria-label=name.clone()
                aria-describedby=issues_id.clone()
                aria-invalid=move || invalid.get().then_some("true")
                prop:value=text
                on:keydown=keys
                on:input:target=move |event| control.typed(event.target().value(), false)
                on:blur=move |_| {
                    places.try_with_value(|(_, own)| draft.touch(own));
                }
            />
            <span class="row-tools">
                <button type="button" class="icon-button" aria-label=format!("Move {name} up") title="Move up (Alt+↑)" disabled={index == 0} on:click=move |_| step(true)>
                    <Glyph icon=Icon::Up/>
                </button>
                <button type="button" class="icon-button" aria-label=format!("Move {name} down") title="Move down (Alt+↓)" disabled=is_last on:click=move |_| step(false)>
                    <Glyph icon=Icon::Down/>
                </button>
                <button type="button" class="icon-button" aria-label=format!("Take out {name}") title="Take out" on:click=remove>
                    <Glyph icon=Icon::Failed/>
                </button>
            </span>
            <IssueList id=issues_id issues on_use/>
        </li>
    }
    .into_any()
}

fn swap(draft: Draft, list: &str, (one, other): (usize, usize)) {
    draft.change(list, |value| {
        if let Json::List(items) = value
            && one.max(other) < items.len()
        {
            items.swap(one, other);
        }
    });
    focus_control(FieldIds::of(&below(list, &other.to_string())).control);
}

fn insert(draft: Draft, list: &str, index: usize) {
    draft.change(list, |value| match value {
        Json::List(items) => items.insert(index.min(items.len()), Json::Text(String::new())),
        other => *other = Json::List(vec![Json::Text(String::new())]),
    });
    focus_control(FieldIds::of(&below(list, &index.to_string())).control);
}

/// Moves the focus to what has this id, once the page is drawn.
pub(super) fn focus_control(id: impl std::fmt::Display) {
    kit::focus_soon(format!("#{id}"));
}
