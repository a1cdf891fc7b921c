//! Draws the fields of a form, each by its kind. What a field cannot show is shown as JSON.

use leptos::prelude::*;
use sparkq_core::Issue;

use super::draft::Draft;
use super::json::Json;
use super::schema::{Field, Kind};
use super::{pairs, rows, script};
use crate::kit::{FieldIds, framed, has_errors, labels, select};

/// What a control needs to know of its field.
#[derive(Clone)]
pub(super) struct Control {
    /// The form.
    pub(super) draft: Draft,
    /// Where the value stands.
    pub(super) pointer: String,
    /// What it is called.
    pub(super) title: String,
    /// Whether the payload has it also when it is empty.
    pub(super) required: bool,
    /// Its ids.
    pub(super) ids: FieldIds,
    /// What was found at it.
    pub(super) issues: Memo<Vec<Issue>>,
}

impl Control {
    /// The control for the value at `pointer`.
    pub(super) fn at(draft: Draft, pointer: String, title: String) -> Self {
        Self {
            draft,
            ids: FieldIds::of(&pointer),
            issues: draft.findings(Some(pointer.clone())),
            pointer,
            title,
            required: true,
        }
    }

    /// Whether what it holds must be changed.
    pub(super) fn invalid(&self) -> Signal<bool> {
        let issues = self.issues;
        Signal::derive(move || issues.with(|issues| has_errors(issues)))
    }

    /// The text it shows: empty for none.
    pub(super) fn text(&self) -> Memo<String> {
        let value = self.draft.value(self.pointer.clone());
        Memo::new(move |_| match value.get() {
            Some(Json::Text(text) | Json::Number(text)) => text,
            _ => String::new(),
        })
    }

    /// Takes in a text that was typed. Where nothing has to be there, an empty one is none.
    pub(super) fn typed(&self, text: String, as_number: bool) {
        match Json::read(text.trim()) {
            _ if text.is_empty() && (!self.required || as_number) => {
                self.draft.clear(&self.pointer);
            }
            Ok(number @ Json::Number(_)) if as_number => self.draft.set(&self.pointer, number),
            _ => self.draft.set(&self.pointer, Json::Text(text)),
        }
    }

    /// Puts what was suggested where it was suggested.
    pub(super) fn on_use(&self) -> Callback<Issue> {
        on_use(self.draft)
    }
}

/// Puts what was suggested where it was suggested.
pub(super) fn on_use(draft: Draft) -> Callback<Issue> {
    Callback::new(move |issue: Issue| {
        if let Some(value) = &issue.suggestion {
            draft.set(&issue.pointer, (&value.value()).into());
            // What suggested it goes once it is heeded.
            super::rows::focus_control(FieldIds::of(&issue.pointer).control);
        }
    })
}

/// Draws all of `fields`.
pub(super) fn all(draft: Draft, fields: Vec<Field>) -> AnyView {
    let draw = move |field| one(draft, field);
    fields.into_iter().map(draw).collect_view().into_any()
}

fn one(draft: Draft, field: Field) -> AnyView {
    let control = Control {
        required: field.required,
        ..Control::at(draft, field.pointer.clone(), field.title.clone())
    };
    let value = draft.value(field.pointer.clone());
    let kind = field.kind.clone();
    // What is being typed as JSON stays so until somebody leaves it.
    let held = RwSignal::new(false);
    let fits = move |value: &Option<Json>| value.as_ref().is_none_or(|value| kind.shows(value));
    let as_json = Memo::new(move |_| held.get() || value.with(|value| !fits(value)));
    let place = field.pointer.clone();
    view! {
        <div class="field-place" data-field=place>
            {move || {
                if as_json.get() || field.kind == Kind::Json {
                    json(&control, &field, held)
                } else {
                    drawn(&control, &field)
                }
            }}
        </div>
    }
    .into_any()
}

fn json(control: &Control, field: &Field, held: RwSignal<bool>) -> AnyView {
    let label = labels(
        &control.ids,
        format!("{} (JSON)", field.title),
        field.required,
    );
    let on_use = control.on_use();
    let typed = super::text::json_field(control, held);
    framed(
        (&control.ids, label),
        field.help.clone(),
        (control.issues, on_use),
        typed,
    )
}

fn drawn(control: &Control, field: &Field) -> AnyView {
    let typed = match &field.kind {
        Kind::Group(inside) => return group(control, field, inside.clone()),
        Kind::Lines => return rows::lines(control, field),
        Kind::Pairs => return pairs::pairs(control, field),
        Kind::Switch => return switch(control, field),
        Kind::Line | Kind::Json => line(control, false),
        Kind::Number => line(control, true),
        Kind::Prose => prose(control),
        Kind::Script => script::script(control),
        Kind::Choice(values) => choice(control, field, values.clone()),
    };
    let label = labels(&control.ids, field.title.clone(), field.required);
    let help = with_default(field);
    framed(
        (&control.ids, label),
        help,
        (control.issues, control.on_use()),
        typed,
    )
}

/// The help of a field, and what holds without it.
fn with_default(field: &Field) -> String {
    let Some(default) = &field.default else {
        return field.help.clone();
    };
    let default = default
        .text()
        .map_or_else(|| default.compact(), str::to_owned);
    let separator = if field.help.is_empty() { "" } else { " · " };
    format!("{}{separator}{default} when left out", field.help)
}

/// Fields of their own, or other controls, under one name.
pub(super) fn titled(control: &Control, field: &Field, inside: AnyView) -> AnyView {
    let (ids, required) = (control.ids.clone(), field.required);
    let mark = required.then(|| view! { <span class="required">"required"</span> });
    let help = with_default(field);
    let framed = framed(
        (&ids, ().into_any()),
        help,
        (control.issues, control.on_use()),
        inside,
    );
    view! {
        <fieldset class="field-group" id=ids.control aria-describedby=ids.described>
            <legend class="field-name">{field.title.clone()}{mark}</legend>
            {framed}
        </fieldset>
    }
    .into_any()
}

fn group(control: &Control, field: &Field, inside: Vec<Field>) -> AnyView {
    let fields = view! { <div class="field-inside">{all(control.draft, inside)}</div> };
    titled(control, field, fields.into_any())
}

fn line(control: &Control, number: bool) -> AnyView {
    let (text, invalid, ids) = (control.text(), control.invalid(), control.ids.clone());
    let (typing, leaving) = (control.clone(), control.clone());
    view! {
        <input
            class="input"
            type="text"
            autocomplete="off"
            spellcheck="false"
            inputmode=number.then_some("decimal")
            id=ids.control
            aria-describedby=ids.described
            aria-invalid=move || invalid.get().then_some("true")
            prop:value=text
            on:input:target=move |event| typing.typed(event.target().value(), number)
            on:blur=move |_| leaving.draft.touch(&leaving.pointer)
        />
    }
    .into_any()
}

fn prose(control: &Control) -> AnyView {
    let (text, invalid, ids) = (control.text(), control.invalid(), control.ids.clone());
    let (typing, leaving) = (control.clone(), control.clone());
    let tall = move || {
        text.with(|text| text.lines().count().clamp(6, 16))
            .to_string()
    };
    view! {
        <textarea
            class="input"
            rows=tall
            id=ids.control
            aria-describedby=ids.described
            aria-invalid=move || invalid.get().then_some("true")
            prop:value=text
            on:input:target=move |event| typing.typed(event.target().value(), false)
            on:blur=move |_| leaving.draft.touch(&leaving.pointer)
        ></textarea>
    }
    .into_any()
}

fn switch(control: &Control, field: &Field) -> AnyView {
    let (draft, pointer) = (control.draft, control.pointer.clone());
    let value = draft.value(pointer.clone());
    let without = field.default == Some(Json::Bool(true));
    let on = move || match value.get() {
        Some(Json::Bool(on)) => on,
        _ => without,
    };
    let ids = control.ids.clone();
    let input = view! {
        <label class="switch">
            <input
                type="checkbox"
                id=ids.control
                aria-describedby=ids.described
                prop:checked=on
                on:change:target=move |event| draft.set(&pointer, Json::Bool(event.target().checked()))
            />
            <span class="field-name">{field.title.clone()}</span>
        </label>
    };
    let help = with_default(field);
    framed(
        (&control.ids, ().into_any()),
        help,
        (control.issues, control.on_use()),
        input.into_any(),
    )
}

fn choice(control: &Control, field: &Field, values: Vec<Json>) -> AnyView {
    let (draft, pointer) = (control.draft, control.pointer.clone());
    let value = draft.value(pointer.clone());
    let default = field.default.clone();
    let known = values.clone();
    let choices = move || {
        let value = value.get();
        let none = match &default {
            Some(default) => format!("{} (when left out)", spell(default)),
            None => "–".to_owned(),
        };
        let odd = value.clone().filter(|value| !values.contains(value));
        let is = |one: &Json| value.as_ref() == Some(one);
        let mut choices = vec![(none, value.is_none())];
        choices.extend(values.iter().map(|one| (spell(one), is(one))));
        choices.extend(odd.map(|odd| (format!("{} (not one of these)", spell(&odd)), true)));
        choices
    };
    let choose = move |place: usize| match place.checked_sub(1) {
        None => draft.clear(&pointer),
        Some(place) => {
            if let Some(value) = known.get(place) {
                draft.set(&pointer, value.clone());
            }
        }
    };
    select(&control.ids, choices, control.invalid(), choose)
}

/// A value as people read it: a text as it is, unless it is blank.
fn spell(value: &Json) -> String {
    match value.text() {
        Some(text) if !text.trim().is_empty() => text.to_owned(),
        _ => value.compact(),
    }
}
