//! The field for a name of a session or stream, which is checked as it is typed.

use leptos::prelude::*;
use sparkq_core::Name;
use sparkq_core::name::NotAName;

/// Asks for a name. `taken` are those that others have, so that they cannot be had.
#[component]
pub(crate) fn NameField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into)] taken: Signal<Vec<Name>>,
) -> impl IntoView {
    let problem = Memo::new(move |_| name_problem(&value.read(), &taken.read()));
    let about = format!("{id}-problem");
    view! {
        <div class="labelled">
            <label for=id>{label}</label>
            <input
                id=id
                class="input"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                maxlength="64"
                required=true
                prop:value=value
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=about.clone()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p class="problem" id=about aria-live="polite">{problem}</p>
        </div>
    }
}

/// Why a text cannot be the name; none where it can, or nothing was typed.
fn name_problem(text: &str, taken: &[Name]) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    match text.parse::<Name>() {
        Err(NotAName::Spelling) => Some(
            "A name starts with a letter or digit, and goes on with letters, digits, “.”, “_” or “-”.".to_owned(),
        ),
        Err(NotAName::LikeAnId) => Some("A name does not start with “ses_”, “str_” or “tsk_”, as ids do.".to_owned()),
        Ok(name) => taken
            .contains(&name)
            .then(|| format!("There is an active one called {name} already.")),
    }
}

/// Whether a text can be the name.
pub(crate) fn is_name(text: &str, taken: &[Name]) -> bool {
    !text.is_empty() && name_problem(text, taken).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_checked_as_it_is_typed() {
        let taken = ["Auth".parse::<Name>().expect("a name")];
        let problem = |text| name_problem(text, &taken);
        assert_eq!(problem(""), None);
        assert_eq!(problem("auth-2"), None);
        assert!(problem("a b").is_some_and(|said| said.contains("letters, digits")));
        assert!(problem("str_1").is_some_and(|said| said.contains("as ids do")));
        assert!(problem("auth").is_some_and(|said| said.contains("already")));
        assert!(!is_name("", &taken) && is_name("docs", &taken));
    }
}
