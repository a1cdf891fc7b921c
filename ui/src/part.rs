//! Parts of the page that are loaded when they are first needed, so that a first visit is a light one.

mod style;

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use crate::kit::{Icon, Notice};

/// What draws a part, once it is there.
pub(crate) type Part = Result<fn() -> AnyView, SplitLoaderError>;

/// A part on its way; the same type for all of them, which keeps the page light.
pub(crate) type Coming = Pin<Box<dyn Future<Output = Part>>>;

/// How far a part is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Loading,
    Here,
    Missing,
}

/// Draws what `load` brings, a word while it does, and a way to try again when it could not.
pub(crate) fn part(load: fn() -> Coming) -> AnyView {
    let progress = RwSignal::new(Progress::Loading);
    let drawn = StoredValue::new(None::<fn() -> AnyView>);
    let begin = move || {
        progress.set(Progress::Loading);
        let style = style::come();
        spawn_local(async move {
            let came = load().await;
            let came = if style.await { came.ok() } else { None };
            let state = if came.is_some() {
                Progress::Here
            } else {
                Progress::Missing
            };
            // Who has gone elsewhere meanwhile is shown nothing.
            drawn.try_set_value(came);
            progress.try_set(state);
        });
    };
    begin();
    (move || match progress.get() {
        Progress::Loading => view! { <Notice icon=Icon::Spark title="Loading…" busy=true/> }.into_any(),
        Progress::Here => drawn.get_value().map(|draw| draw()).into_any(),
        Progress::Missing => view! {
            <Notice icon=Icon::Failed title="This page could not be loaded">
                <p>"SparkQ's server does not answer, or has been updated since this page was opened."</p>
                <p class="row">
                    <button class="button" on:click=move |_| begin()>"Try again"</button>
                    <a class="button" href="" rel="external">"Load the page anew"</a>
                </p>
            </Notice>
        }
        .into_any(),
    })
    .into_any()
}
