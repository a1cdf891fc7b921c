//! Texts by name, such as an environment: a row for each, with a name and a value.

use leptos::prelude::*;

use super::draft::Draft;
use super::fields::{Control, titled};
use super::json::{Json, below};
use super::rows::focus_control;
use super::schema::Field;
use crate::kit::{FieldIds, Glyph, Icon, IssueList, each};

/// The rows of one field; a handle, free to copy.
#[derive(Clone, Copy)]
struct Pairs {
    draft: Draft,
    pointer: StoredValue<String>,
    value: Memo<Option<Json>>,
    /// A row that has no name yet, with its value: it is no part of the payload.
    blank: RwSignal<Option<String>>,
}

impl Pairs {
    fn count(self) -> usize {
        self.value.with(|value| fields(value.as_ref()).len())
    }

    fn pair(self, index: usize) -> (String, String) {
        let pair = self.value.with(|value| {
            let (key, value) = fields(value.as_ref()).get(index)?;
            Some((key.clone(), value.text().unwrap_or_default().to_owned()))
        });
        pair.unwrap_or_else(|| (String::new(), self.blank.get().unwrap_or_default()))
    }

    /// Changes the name or the value of a row.
    fn change(self, index: usize, change: impl FnOnce(&mut String, &mut Json)) {
        if index < untrack(|| self.count()) {
            let at = |fields: &mut Vec<(String, Json)>| {
                if let Some((key, value)) = fields.get_mut(index) {
                    change(key, value);
                }
            };
            return self.edit(at);
        }
        let (mut key, mut value) = (String::new(), Json::Text(untrack(|| self.pair(index).1)));
        change(&mut key, &mut value);
        if key.is_empty() {
            self.blank.set(value.text().map(str::to_owned));
        } else {
            // Named, it becomes part of the payload, and stays the row that it is.
            self.edit(|fields| fields.push((key, value)));
            self.blank.set(None);
        }
    }

    fn remove(self, index: usize) {
        if index < untrack(|| self.count()) {
            self.edit(|fields| drop(fields.remove(index)));
        } else {
            self.blank.set(None);
        }
    }

    fn edit(self, edit: impl FnOnce(&mut Vec<(String, Json)>)) {
        let change = |value: &mut Json| {
            if !matches!(value, Json::Object(_)) {
                *value = Json::empty();
            }
            if let Json::Object(fields) = value {
                edit(fields);
            }
        };
        self.pointer
            .with_value(|pointer| self.draft.change(pointer, change));
    }

    fn id(self, index: usize, part: &str) -> String {
        let name = self
            .pointer
            .with_value(|pointer| format!("{pointer}/{index}/{part}"));
        FieldIds::of(&name).control
    }
}

fn fields(value: Option<&Json>) -> &[(String, Json)] {
    value.and_then(Json::fields).unwrap_or_default()
}

/// Draws texts by name.
pub(super) fn pairs(control: &Control, field: &Field) -> AnyView {
    let pairs = Pairs {
        draft: control.draft,
        pointer: StoredValue::new(control.pointer.clone()),
        value: control.draft.value(control.pointer.clone()),
        blank: RwSignal::new(None),
    };
    let count = Memo::new(move |_| pairs.count() + usize::from(pairs.blank.read().is_some()));
    let title = field.title.clone();
    let add = move |_| {
        if pairs.blank.with_untracked(Option::is_none) {
            pairs.blank.set(Some(String::new()));
        }
        focus_control(pairs.id(untrack(|| pairs.count()), "name"));
    };
    let inside = view! {
        <ul class="rows">
            {each(move || (0..count.get()).collect(), usize::to_string, move |index| pair(pairs, index, &title))}
        </ul>
        <button type="button" class="button small add-row" on:click=add><Glyph icon=Icon::Add/>{format!("Add to {}", field.title)}</button>
    };
    titled(control, field, inside.into_any())
}

fn pair(pairs: Pairs, index: usize, title: &str) -> AnyView {
    let draft = pairs.draft;
    let both = Memo::new(move |_| pairs.pair(index));
    let pointer = Memo::new(move |_| {
        pairs
            .pointer
            .with_value(|pointer| below(pointer, &both.read().0))
    });
    let issues = Memo::new(move |_| draft.findings_at(Some(&pointer.read())));
    let invalid = move || crate::kit::has_errors(&issues.read()).then_some("true");
    let issues_id = format!("{}.issues", pairs.id(index, "name"));
    let name = format!("{title}, {}", index + 1);
    view! {
        <li class="row-line row-pair" data-field=pointer>
            <input
                class="input"
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder="NAME"
                id=pairs.id(index, "name")
                aria-label=format!("{name}: name")
                aria-describedby=issues_id.clone()
                aria-invalid=invalid
                prop:value=move || both.get().0
                on:input:target=move |event| pairs.change(index, |key, _| *key = event.target().value())
                on:blur=move |_| {
                    pointer.try_with_untracked(|pointer| draft.touch(pointer));
                }
            />
            <input
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                placeholder="value"
                id=pairs.id(index, "value")
                aria-label=format!("{name}: value")
                aria-describedby=issues_id.clone()
                aria-invalid=invalid
                prop:value=move || both.get().1
                on:input:target=move |event| pairs.change(index, |_, value| *value = Json::Text(event.target().value()))
            />
            <span class="row-tools">
                <button type="button" class="icon-button" aria-label=format!("Take out {name}") title="Take out" on:click=move |_| {
                    pairs.remove(index);
                    focus_control(pairs.id(index.saturating_sub(1), "name"));
                }>
                    <Glyph icon=Icon::Failed/>
                </button>
            </span>
            <IssueList id=issues_id issues on_use=super::fields::on_use(draft)/>
        </li>
    }
    .into_any()
}
