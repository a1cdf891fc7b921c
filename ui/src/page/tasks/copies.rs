//! What can be copied of a task: its id, and the command for each act on it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Node;
use sparkq_core::{Status, TaskId};

use crate::kit::{CopyButton, Glyph, Icon};

/// Draws the button that opens the menu, and the menu while it is open.
pub(super) fn copies(id: TaskId, status: Signal<Status>) -> AnyView {
    let open = RwSignal::new(false);
    let place = NodeRef::<html::Span>::new();
    let left = move |event: ev::FocusEvent| {
        let to = event
            .related_target()
            .and_then(|to| to.dyn_into::<Node>().ok());
        let stays = place
            .try_get_untracked()
            .flatten()
            .is_some_and(|place| place.contains(to.as_ref()));
        if !stays {
            open.set(false);
        }
    };
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            if let Some(button) = place
                .get_untracked()
                .and_then(|place| place.first_element_child())
            {
                let _ = button
                    .unchecked_into::<leptos::web_sys::HtmlElement>()
                    .focus();
            }
        }
    };
    let name = format!("Copy of {id}");
    let entries = move || {
        let id = id.to_string();
        let entry = |(what, text): (&'static str, String)| {
            view! { <CopyButton what label=text.clone() text/> }
        };
        open.get().then(|| {
            view! {
                <span class="copies" role="group" aria-label="Copy">
                    {commands(&id, status.get()).into_iter().map(entry).collect_view()}
                </span>
            }
        })
    };
    view! {
        <span class="copies-place" node_ref=place on:focusout=left on:keydown=escape>
            <button
                type="button"
                class="icon-button"
                aria-label=name
                title="Copy id or command"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Glyph icon=Icon::Copy/>
            </button>
            {entries}
        </span>
    }
    .into_any()
}

/// The id, and the commands that apply.
fn commands(id: &str, status: Status) -> Vec<(&'static str, String)> {
    let mut commands = vec![
        ("the id", id.to_owned()),
        ("the command that shows it", format!("sparkq task {id}")),
    ];
    let last = match status {
        Status::Queued => Some(("the command that cancels it", format!("sparkq cancel {id}"))),
        Status::Failed => Some((
            "the command that requeues it",
            format!("sparkq requeue {id}"),
        )),
        Status::Succeeded => Some((
            "the command that requeues it",
            format!("sparkq requeue {id} --force"),
        )),
        Status::Running => None,
    };
    commands.extend(last);
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commands_that_apply_are_offered() {
        let last = |status| commands("tsk_1", status).pop().map(|(_, command)| command);
        assert_eq!(last(Status::Queued).as_deref(), Some("sparkq cancel tsk_1"));
        assert_eq!(last(Status::Running).as_deref(), Some("sparkq task tsk_1"));
        assert_eq!(
            last(Status::Failed).as_deref(),
            Some("sparkq requeue tsk_1")
        );
        assert_eq!(
            last(Status::Succeeded).as_deref(),
            Some("sparkq requeue tsk_1 --force")
        );
    }
}
