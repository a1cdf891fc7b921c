//! Asks how a task is requeued, has its payload checked, and leads to the clone.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::{Activity, Document, Requeue};
use sparkq_core::{Issue, Status, json};

use super::story::Story;
use crate::board::Board;
use crate::client::{self, NoAnswer};
use crate::kit::{
    IssueList, Toasts, focus_soon, has_errors, in_shell, linked, named_in, pretty, seen, with_place,
};
use crate::page::enqueue::json::Json;
use crate::route;
use crate::shell::quoted;

/// What is asked; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct RequeueForm {
    story: RwSignal<Story>,
    open: RwSignal<bool>,
    /// The stream for the clone; empty for the task's own.
    stream: RwSignal<String>,
    payload: RwSignal<String>,
    /// The payload as it is, to tell whether it was edited.
    original: StoredValue<String>,
    issues: RwSignal<Vec<Issue>>,
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<NoAnswer>>,
    toasts: Toasts,
}

impl RequeueForm {
    /// The form for the task of `story`, which is shown while `open` holds.
    pub(super) fn of(story: RwSignal<Story>, open: RwSignal<bool>) -> Self {
        Self {
            story,
            open,
            stream: RwSignal::new(String::new()),
            payload: RwSignal::new(String::new()),
            original: StoredValue::new(String::new()),
            issues: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            toasts: Toasts::expect(),
        }
    }

    /// Starts from the task as it is.
    pub(super) fn begin(self) {
        let payload = self
            .story
            .with_untracked(|story| pretty(story.task.payload.as_str()));
        self.original.set_value(payload.clone());
        self.payload.set(payload);
        self.stream.set(String::new());
        self.issues.set(Vec::new());
        self.refusal.set(None);
    }

    fn id(self) -> String {
        self.story.with_untracked(|story| story.task.id.to_string())
    }

    /// The payload, where it was edited.
    fn edited(self) -> Option<String> {
        let payload = self.payload.get();
        self.original
            .with_value(|original| (payload.trim() != original.trim()).then_some(payload))
    }

    /// What is wrong with the payload's syntax.
    fn mistake(self) -> Option<String> {
        let payload = self.edited()?;
        json::parse_object(&payload)
            .err()
            .map(|error| error.to_string())
    }

    /// Why the task is requeued only by force, in words.
    fn force(self) -> Option<String> {
        self.story
            .with(|story| match (story.task.status, story.clones.last()) {
                (_, Some(clone)) => Some(format!(
                    "It was requeued already, as {clone}. This queues it once more."
                )),
                (Status::Succeeded, None) => {
                    Some("It has succeeded. This has the work done a second time.".to_owned())
                }
                _ => None,
            })
    }

    fn command(self) -> String {
        let mut words = vec!["sparkq requeue".to_owned(), self.id()];
        let stream = self.stream.get();
        if !stream.is_empty() {
            words.push(format!("--stream {}", quoted(&stream)));
        }
        if let Some(payload) = self.edited() {
            words.push(format!("--payload {}", quoted(&payload)));
        }
        if self.force().is_some() {
            words.push("--force".to_owned());
        }
        words.join(" ")
    }

    fn send(self) {
        if self.busy.get_untracked() || untrack(move || self.mistake()).is_some() {
            return;
        }
        self.busy.set(true);
        self.issues.set(Vec::new());
        self.refusal.set(None);
        let payload = untrack(move || self.edited()).map(Document::from_json_text);
        let stream = Some(self.stream.get_untracked()).filter(|stream| !stream.is_empty());
        let how = Requeue {
            stream_id: stream,
            payload,
            force: untrack(move || self.force()).is_some(),
        };
        spawn_local(async move {
            let done = self.ask(how).await;
            self.busy.try_set(false);
            if let Err(mut reason) = done {
                self.issues.try_set(std::mem::take(&mut reason.fields));
                self.refusal.try_set(Some(reason));
            }
        });
    }

    /// Has an edited payload checked, and requeues where nothing is wrong with it.
    async fn ask(self, how: Requeue) -> Result<(), NoAnswer> {
        let (id, tool) = self
            .story
            .with_untracked(|story| (story.task.id.to_string(), story.task.tool_name.clone()));
        if let Some(payload) = how.payload.clone() {
            let checked = client::tasks::check(&tool, payload).await?.body;
            self.issues.try_set(checked.issues);
            if !checked.ok {
                return Ok(());
            }
        }
        let clone = client::tasks::requeue(&id, &how).await?.body.id;
        let address = route::task(clone.as_str());
        self.toasts.lead(
            format!("Requeued {id} as "),
            address.clone(),
            clone.to_string(),
        );
        // Whoever has left the form meanwhile stays where they are.
        if self.open.try_get_untracked() == Some(true) {
            self.open.set(false);
            route::go(&address);
        }
        Ok(())
    }

    /// Draws the form.
    pub(super) fn draw(self) -> AnyView {
        let send = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            self.send();
        };
        let mistake = Memo::new(move |_| self.mistake());
        let force = Memo::new(move |_| self.force());
        let invalid = move || {
            (mistake.get().is_some() || self.issues.with(|issues| has_errors(issues))).to_string()
        };
        let issues = Memo::new(move |_| self.issues.get().into_iter().map(with_place).collect());
        view! {
            <form class="task-form" on:submit=send>
                {move || force.get().map(|why| view! { <p class="task-warning" data-tone="stale">{linked(&why)}</p> })}
                <label>"Stream"{self.draw_streams()}</label>
                <label>
                    "Payload"
                    <textarea
                        class="input"
                        name="payload"
                        rows="10"
                        spellcheck="false"
                        aria-invalid=invalid
                        id="requeue-payload"
                        aria-describedby="requeue-mistake requeue-issues"
                        prop:value=self.payload
                        on:input=move |event| self.payload.set(event_target_value(&event))
                    ></textarea>
                </label>
                <div id="requeue-mistake" aria-live="polite">
                    {move || mistake.get().map(|mistake| view! { <p class="task-mistake">{format!("Not JSON yet: {mistake}.")}</p> })}
                </div>
                <IssueList id="requeue-issues" issues on_use=Callback::new(move |issue| self.heed(&issue))/>
                {in_shell(Signal::derive(move || self.command()))}
                {draw_refusal(self.refusal, self.id())}
                <div class="row task-send">
                    <button class="button" type="button" on:click=move |_| self.open.set(false)>"Leave it"</button>
                    <button class="button primary" type="submit" disabled=move || mistake.get().is_some() aria-disabled=move || self.busy.get().then_some("true")>
                        {move || if force.get().is_some() { "Requeue anyway" } else { "Requeue" }}
                    </button>
                </div>
            </form>
        }
        .into_any()
    }

    /// Takes over what was suggested at one place.
    fn heed(self, issue: &Issue) {
        let payload = self
            .payload
            .with_untracked(|payload| mended(payload, issue));
        if let Some(payload) = payload {
            self.payload.set(payload);
            self.issues
                .update(|issues| issues.retain(|other| other.pointer != issue.pointer));
            self.refusal.set(None);
            focus_soon("#requeue-payload");
        }
    }

    fn draw_streams(self) -> AnyView {
        let streams = Board::expect().streams();
        let own = self.story.with_untracked(|story| story.stream.clone());
        let same = format!("{} (its own)", own.name);
        let others = move || {
            let others = streams.get().into_iter();
            let others =
                others.filter(|stream| stream.status == Activity::Active && stream.id != own.id);
            others.map(|stream| view! { <option value=stream.name.to_string()>{stream.name.to_string()}</option> }).collect_view()
        };
        view! {
            <select class="input" name="stream" on:change=move |event| self.stream.set(event_target_value(&event))>
                <option value="">{same}</option>
                {others}
            </select>
        }
        .into_any()
    }
}

/// The payload with what was suggested in the place of what is wrong; none while it is no JSON.
fn mended(payload: &str, issue: &Issue) -> Option<String> {
    let mut json = Json::read_object(payload).ok()?;
    let suggestion = issue.suggestion.as_ref()?;
    *json.place(&issue.pointer)? = Json::from(&suggestion.value());
    Some(json.pretty())
}

/// Draws what was refused, with the way to the task that is in the way of it.
pub(super) fn draw_refusal(refusal: RwSignal<Option<NoAnswer>>, own: String) -> AnyView {
    let draw = move |reason: NoAnswer| {
        let rival = named_in(&reason.what, &own).map(str::to_owned);
        let rival = rival.map(|id| view! { <p><a class="button" href=route::task(&id)>{format!("Open {id}")}</a></p> });
        let hint = reason.hint.filter(|_| rival.is_none());
        view! {
            <p>{seen(&reason.what)}</p>
            {rival}
            {hint.map(|hint| view! { <p><code>{hint}</code></p> })}
        }
    };
    view! { <div class="task-refusal" role="alert">{move || refusal.get().map(&draw)}</div> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::mended;
    use sparkq_core::Issue;

    #[test]
    fn a_suggestion_takes_the_place_of_what_is_wrong() {
        let mut issue = Issue::error("/script_path", "not-found", "not in the script index");
        let payload = r#"{"script_path":"scripts/bb.sh","args":[1.50]}"#;
        assert_eq!(mended(payload, &issue), None);
        issue.suggestion = Some(serde_json::json!("scripts/b.sh").into());
        let mended_payload = mended(payload, &issue);
        assert_eq!(
            mended_payload.as_deref(),
            Some("{\n  \"script_path\": \"scripts/b.sh\",\n  \"args\": [1.50]\n}")
        );
        assert_eq!(mended("{", &issue), None);
    }
}
