//! Payloads, and parts of them, that are typed as JSON.

use leptos::prelude::*;

use super::draft::Draft;
use super::fields::Control;
use super::json::Json;
use super::rows::focus_control;
use crate::kit::{FieldIds, Glyph, Icon};

/// A value that is typed as JSON. While the text is none, the payload stays as it was; `held` while somebody is in it.
pub(super) fn json_field(control: &Control, held: RwSignal<bool>) -> AnyView {
    let (draft, pointer, ids) = (control.draft, control.pointer.clone(), control.ids.clone());
    let value = draft.value(pointer.clone());
    let spelled = |value: Option<Json>| value.map(|value| value.pretty()).unwrap_or_default();
    let text = RwSignal::new(spelled(value.get_untracked()));
    Effect::new(move |_| {
        // What was typed here stays as it is spelled.
        let value = value.get();
        let is_typed = text.with_untracked(|text| Json::read(text).ok() == value);
        if !is_typed {
            text.set(spelled(value));
        }
    });
    let broken = draft.broken(pointer.clone());
    let place = pointer.clone();
    on_cleanup(move || draft.mark_broken(&place, None));
    let leaving = pointer.clone();
    let typed = move |typed: String| {
        let read = Json::read(&typed);
        text.set(typed);
        let is_empty = text.with_untracked(|text| text.trim().is_empty());
        let why = read.as_ref().err().map(ToString::to_string);
        draft.mark_broken(&pointer, why.filter(|_| !is_empty));
        match read {
            Ok(value) => draft.set(&pointer, value),
            Err(_) if is_empty => draft.clear(&pointer),
            Err(_) => {}
        }
    };
    let (error_id, invalid) = (format!("{}.json", ids.control), control.invalid());
    let described = format!("{} {error_id}", ids.described);
    let rows = move || {
        text.with(|text| text.lines().count().clamp(3, 14))
            .to_string()
    };
    view! {
        <textarea
            class="input"
            rows=rows
            spellcheck="false"
            id=ids.control
            aria-describedby=described
            aria-invalid=move || (invalid.get() || broken.read().is_some()).then_some("true")
            prop:value=text
            on:input:target=move |event| typed(event.target().value())
            on:focus=move |_| held.set(true)
            on:blur=move |_| {
                draft.touch(&leaving);
                held.set(false);
            }
        ></textarea>
        <Broken id=error_id why=broken/>
    }
    .into_any()
}

/// The whole payload as text.
pub(super) fn whole(draft: Draft) -> AnyView {
    let ids = FieldIds::of("payload");
    let broken = draft.broken(String::new());
    let text = draft.raw();
    let rows = move || {
        text.with(|text| text.lines().count().clamp(5, 22) + 1)
            .to_string()
    };
    let take_back = move || {
        draft.take_back();
        focus_control(FieldIds::of("payload").control);
    };
    let back = move || {
        broken.read().is_some().then(|| {
            view! {
                <p class="row field-help">
                    "The form waits for the text to be JSON again."
                    <button type="button" class="button small" data-take-back on:click=move |_| take_back()>
                        "Back to what the form has"
                    </button>
                </p>
            }
        })
    };
    view! {
        <textarea
            class="input"
            rows=rows
            spellcheck="false"
            id=ids.control
            aria-label="Payload as JSON"
            aria-describedby="payload.json"
            aria-invalid=move || broken.read().is_some().then_some("true")
            prop:value=text
            on:input:target=move |event| draft.type_raw(event.target().value())
        ></textarea>
        <Broken id="payload.json" why=broken/>
        {back}
    }
    .into_any()
}

/// Says why a text is no JSON.
#[component]
fn Broken(#[prop(into)] id: String, why: Memo<Option<String>>) -> impl IntoView {
    view! {
        <p class="issue broken" data-tone="failed" id=id aria-live="polite">
            {move || why.get().map(|why| view! { <Glyph icon=Icon::Failed/><span><strong>"Error"</strong>" "{why}</span> })}
        </p>
    }
}
