//! One field of a form: its name, its help and what is wrong with it around the control, and how these refer to each other.

use leptos::prelude::*;
use sparkq_core::Issue;

use super::{IssueList, has_errors};

/// The ids by which a field's parts refer to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldIds {
    /// The control's.
    pub(crate) control: String,
    /// Those of the texts that describe it, for `aria-describedby`.
    pub(crate) described: String,
}

impl FieldIds {
    /// The ids of the field called `name`: what is no letter or digit in it is spelled as its number.
    pub(crate) fn of(name: &str) -> Self {
        let spell = |letter: char| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => letter.to_string(),
            other => format!("-{:x}", u32::from(other)),
        };
        let control = format!("at{}", name.chars().map(spell).collect::<String>());
        let described = format!("{control}.help {control}.issues");
        Self { control, described }
    }
}

/// The name of a field, marked where there is no going on without it.
pub(crate) fn labels(ids: &FieldIds, title: String, required: bool) -> AnyView {
    let mark = required.then(|| view! { <span class="required">"required"</span> });
    view! { <label class="field-name" for=ids.control.clone()>{title}{mark}</label> }.into_any()
}

/// Puts `control` between its name, its help and its issues.
pub(crate) fn framed(
    (ids, label): (&FieldIds, AnyView),
    help: String,
    (issues, on_use): (Memo<Vec<Issue>>, Callback<Issue>),
    control: AnyView,
) -> AnyView {
    let (help_id, issues_id) = (
        format!("{}.help", ids.control),
        format!("{}.issues", ids.control),
    );
    let invalid = move || issues.with(|issues| has_errors(issues)).then_some("");
    view! {
        <div class="form-field" data-invalid=invalid>
            {label}
            {control}
            <p class="field-help" id=help_id>{help}</p>
            <IssueList id=issues_id issues on_use/>
        </div>
    }
    .into_any()
}

/// Choices as a menu: what each is called, and which one is chosen; `on_choose` hears the place of another one.
pub(crate) fn select(
    ids: &FieldIds,
    choices: impl Fn() -> Vec<(String, bool)> + Send + Sync + 'static,
    invalid: Signal<bool>,
    on_choose: impl Fn(usize) + 'static,
) -> AnyView {
    let choices = Memo::new(move |_| choices());
    let draw = move |(place, (name, chosen)): (usize, (String, bool))| {
        view! { <option value=place.to_string() prop:selected=chosen>{name}</option> }
    };
    view! {
        <select
            class="input"
            id=ids.control.clone()
            aria-describedby=ids.described.clone()
            aria-invalid=move || invalid.get().then_some("true")
            on:change:target=move |event| {
                if let Ok(place) = event.target().value().parse() {
                    on_choose(place);
                }
            }
        >
            {move || choices.get().into_iter().enumerate().map(draw).collect_view()}
        </select>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::FieldIds;

    #[test]
    fn ids_hold_no_space_whatever_the_name() {
        let ids = FieldIds::of("/env/a b");
        assert_eq!(ids.control, "at-2fenv-2fa-20b");
        assert_eq!(
            ids.described,
            "at-2fenv-2fa-20b.help at-2fenv-2fa-20b.issues"
        );
    }
}
