//! Puts the task into the queue: once, however often it is asked for, and with nothing lost when it is refused.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::js_sys::{Date, Math};
use sparkq_core::wire::{Checked, Enqueue, Task};

use super::draft::{Draft, Verdict};
use super::keep;
use super::rows::focus_control;
use crate::client::{self, NoAnswer};
use crate::kit::{FieldIds, Toasts};
use crate::route;

/// The way into the queue; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    draft: Draft,
    tool: StoredValue<String>,
    stream: Memo<Option<String>>,
    /// Whether an answer is being waited for.
    pub(super) busy: RwSignal<bool>,
    /// The task that was queued and whether it is a new one, until something is changed or another is wanted.
    pub(super) done: RwSignal<Option<(Task, bool)>>,
    /// What was asked last without an answer that says it is done, and the key it was asked with.
    asked: StoredValue<Option<(Enqueue, String)>>,
    toasts: Toasts,
}

impl Sender {
    /// The way into `stream` for what is typed into `draft`.
    pub(super) fn new(draft: Draft, tool: String, stream: Memo<Option<String>>) -> Self {
        let sender = Self {
            draft,
            tool: StoredValue::new(tool),
            stream,
            busy: RwSignal::new(false),
            done: RwSignal::new(None),
            asked: StoredValue::new(None),
            toasts: Toasts::expect(),
        };
        // What is changed after a task was queued is the next one.
        Effect::new(move |before: Option<()>| {
            draft.payload().track();
            draft.timeout().track();
            stream.track();
            if before.is_some() && sender.done.with_untracked(Option::is_some) {
                sender.done.set(None);
            }
        });
        sender
    }

    /// The stream it goes to.
    pub(super) fn stream(self) -> Option<String> {
        self.stream.get()
    }

    /// What keeps it from being sent, and the id of the control that mends it.
    pub(super) fn obstacle(self) -> Option<(String, String)> {
        let at = |pointer: &str| FieldIds::of(pointer).control;
        if let Some((pointer, why)) = self.draft.first_broken() {
            let place = if pointer.is_empty() {
                "payload"
            } else {
                &pointer
            };
            return Some((why, at(place)));
        }
        if let Some((pointer, title)) = self.draft.wanting().into_iter().next() {
            return Some((format!("{title} is required."), at(&pointer)));
        }
        if self.stream.get().is_none() {
            return Some(("Choose a stream.".to_owned(), at("stream")));
        }
        let why = self.draft.limit().err()?;
        Some((format!("The timeout is {why}."), at("timeout")))
    }

    /// Sends it, unless something is in the way: then leads there.
    pub(super) fn send(self) {
        if self.busy.get_untracked() || self.done.with_untracked(Option::is_some) {
            return;
        }
        if let Some((_, control)) = untrack(|| self.obstacle()) {
            self.draft.insist();
            focus_control(control);
            return;
        }
        let question = untrack(|| self.draft.question());
        let task = Enqueue {
            tool_name: self.tool.get_value(),
            payload: question.payload,
            stream_id: self.stream.get_untracked(),
            timeout: question.timeout,
        };
        let key = self.key_of(&task);
        let (place, sent) = (self.draft.place(), self.draft.kept());
        self.busy.set(true);
        spawn_local(async move {
            let came = client::tools::enqueue(&task, key).await;
            self.busy.try_set(false);
            match came {
                Ok((task, is_new)) => {
                    keep::forget(&place, &sent);
                    self.queued(task, is_new);
                }
                Err(reason) => self.refused(reason),
            }
        });
    }

    /// The same for the same task, as long as no answer has come; so one that got lost makes no second task.
    fn key_of(self, task: &Enqueue) -> String {
        let same = self.asked.with_value(|asked| {
            let (before, key) = asked.as_ref()?;
            (before == task).then(|| key.clone())
        });
        let key = same.unwrap_or_else(new_key);
        self.asked.set_value(Some((task.clone(), key.clone())));
        key
    }

    fn queued(self, task: Task, is_new: bool) {
        let id = task.id.to_string();
        let text = if is_new {
            format!("Queued in {}:", task.stream_name)
        } else {
            format!("{} has the same work already:", task.stream_name)
        };
        self.toasts.lead(text, route::task(&id), id.clone());
        if self.done.try_set(Some((task, is_new))).is_none() {
            self.draft.queued();
            self.asked.set_value(None);
            focus_control("enqueue-another".to_owned());
        }
    }

    /// Shows findings at their fields, and anything else where the eye is. What was typed stays.
    fn refused(self, reason: NoAnswer) {
        if reason.fields.is_empty() {
            self.toasts.fail(&reason);
            return;
        }
        self.draft.insist();
        let found = Checked {
            ok: false,
            issues: reason.fields,
            payload: None,
            label: None,
            task_class: None,
            timeout: None,
        };
        self.draft.verdict().try_set(Verdict::Said(found));
    }

    /// Makes ready for one more task like the last.
    pub(super) fn another(self) {
        self.done.set(None);
        let first = self.draft.fields().into_iter().next();
        let first = first.map_or_else(|| "payload".to_owned(), |field| field.pointer);
        focus_control(FieldIds::of(&first).control);
    }

    /// The command that does the same, in the parts it is best broken into; or why there is none for what is typed.
    pub(super) fn command(self) -> Result<Vec<String>, String> {
        if let Some((_, why)) = self.draft.first_broken() {
            return Err(why);
        }
        if let Err(why) = self.draft.limit() {
            return Err(format!("The timeout is {why}."));
        }
        let payload = self.draft.payload().read().compact();
        let timeout = self.draft.timeout().get();
        let stream = self.stream.get().unwrap_or_else(|| "STREAM".to_owned());
        let tool = self.tool.get_value();
        Ok(command((&tool, &payload), &stream, timeout.trim()))
    }
}

/// The most that the command line takes in one argument, with room to spare.
const LONGEST_ARGUMENT: usize = 100_000;

fn command((tool, payload): (&str, &str), stream: &str, timeout: &str) -> Vec<String> {
    use crate::shell::quoted;
    let payload = if payload.len() > LONGEST_ARGUMENT {
        "@payload.json".to_owned()
    } else {
        quoted(payload)
    };
    let mut command = vec![
        format!("sparkq enqueue {}", quoted(tool)),
        payload,
        format!("--stream {}", quoted(stream)),
    ];
    if !timeout.is_empty() {
        command.push(format!("--timeout {}", quoted(timeout)));
    }
    command
}

/// A key that nobody has used. No secret, so the browser's plain dice will do, which it has on every connection.
fn new_key() -> String {
    let roll = || Math::random().to_bits();
    format!("page-{:x}-{:x}-{:x}", Date::now().to_bits(), roll(), roll())
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_command_can_be_pasted_whatever_is_in_the_payload() {
        let payload = r#"{"prompt":"don't"}"#;
        let wanted =
            r#"sparkq enqueue llm-haiku '{"prompt":"don'\''t"}' --stream auth --timeout 9m"#;
        assert_eq!(
            command(("llm-haiku", payload), "auth", "9m").join(" "),
            wanted
        );
        let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(100_000));
        assert_eq!(
            command(("summarize", &long), "auth", "")[1],
            "@payload.json"
        );
    }
}
