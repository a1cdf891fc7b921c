//! The keys, for whoever asks with `?`.

use leptos::prelude::*;

use super::Dialog;
use crate::keys::{HELP, Help};

/// Shows what each key does, for as long as somebody asks.
#[component]
pub(crate) fn KeysHelp() -> impl IntoView {
    let Help(open) = expect_context();
    view! {
        <Dialog open title="Keys">
            <div class="keys-help">{HELP.map(group).collect_view()}</div>
            <p class="row keys-end">
                <button class="button" autofocus on:click=move |_| open.set(false)>"Close"</button>
            </p>
        </Dialog>
    }
}

fn group((title, lines): (&'static str, &'static [(&[&str], &str)])) -> AnyView {
    let line = |(keys, what): &'static (&[&str], &str)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> });
        view! { <div><dt>{*what}</dt><dd>{keys.collect_view()}</dd></div> }
    };
    view! {
        <section>
            <h3>{title}</h3>
            <dl>{lines.iter().map(line).collect_view()}</dl>
        </section>
    }
    .into_any()
}
