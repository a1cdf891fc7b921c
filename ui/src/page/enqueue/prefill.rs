//! What a link brings along: a payload, or a task to be like. It is kept as if it had been typed, and leaves the address.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::json::Json;
use super::keep;
use super::picks::Picks;
use crate::board::Board;
use crate::client;
use crate::client::NoAnswer;
use crate::kit::{Icon, Notice};
use crate::route;

/// What is being brought; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Prefill {
    payload: Memo<Option<String>>,
    from: Memo<Option<String>>,
    failed: RwSignal<Option<NoAnswer>>,
    /// The tool it is for, where the address names one that there is.
    chosen: Memo<Option<String>>,
    /// The project's name; empty before it is known.
    project: Memo<String>,
}

/// Follows the address.
pub(super) fn follow(picks: Picks) -> Prefill {
    let project = Board::expect().project();
    let prefill = Prefill {
        payload: route::asked_for("payload"),
        from: route::asked_for("from"),
        failed: RwSignal::new(None),
        chosen: Memo::new(move |_| picks.tool().map(|tool| tool.definition.name)),
        project: Memo::new(move |_| project.get()),
    };
    let asked = StoredValue::new(0_u32);
    let chosen = prefill.chosen;
    Effect::new(move |_| {
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        let project = prefill.project.get();
        if project.is_empty() {
            return;
        }
        match (prefill.from.get(), prefill.payload.get(), chosen.get()) {
            (Some(task), _, _) => {
                prefill.failed.set(None);
                spawn_local(async move {
                    let came = client::tools::like(&task).await;
                    if asked.try_get_value() != Some(mine) {
                        return;
                    }
                    match came {
                        Ok(answer) => {
                            let task = answer.body;
                            keep_payload(
                                &keep::place(&project, &task.tool_name),
                                task.payload.as_str(),
                            );
                            picks.choose(Some(&task.tool_name), Some(task.stream_name.as_str()));
                        }
                        Err(reason) => prefill.failed.set(Some(reason)),
                    }
                });
            }
            (None, Some(payload), Some(tool)) => {
                keep_payload(&keep::place(&project, &tool), &payload);
                picks.choose(None, None);
            }
            _ => {}
        }
    });
    prefill
}

fn keep_payload(place: &str, payload: &str) {
    let read = Json::read_object(payload).map(|payload| payload.pretty());
    keep::bring(place, read.unwrap_or_else(|_| payload.to_owned()));
}

impl Prefill {
    /// Says that a payload waits for its tool.
    pub(super) fn waiting(self) -> AnyView {
        let waits = self.payload.read().is_some();
        waits
            .then(|| view! { <p data-waiting>"The link brings a payload, which goes to the tool you choose."</p> })
            .into_any()
    }

    /// What to show while it has not been taken in yet.
    pub(super) fn face(self) -> Option<AnyView> {
        if let (Some(reason), Some(task)) = (self.failed.get(), self.from.get()) {
            return Some(
                view! {
                    <Notice icon=Icon::Failed title=format!("SparkQ cannot start from {task}")>
                        <p>{reason.what}</p>
                        <p><a href=route::ENQUEUE>"Start without it"</a></p>
                    </Notice>
                }
                .into_any(),
            );
        }
        let is_coming = self.from.read().is_some()
            || self.payload.read().is_some() && self.chosen.read().is_some()
            || self.project.read().is_empty();
        is_coming.then(|| {
            view! { <Notice icon=Icon::Spark title="Loading the form…" busy=true/> }.into_any()
        })
    }
}
