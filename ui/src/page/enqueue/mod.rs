//! The form that enqueues: made from the tool's schema, checked as one types, beside the JSON and the command it comes to.

mod aside;
mod check;
mod draft;
mod fields;
pub(super) mod json;
mod keep;
mod pairs;
mod picks;
mod prefill;
mod rows;
mod schema;
mod script;
mod send;
mod text;

use leptos::prelude::*;
use sparkq_core::Issue;
use sparkq_core::wire::Tool;

use self::draft::{Draft, Verdict};
use self::json::Json;
use self::keep::Kept;
use self::picks::Picks;
use self::send::Sender;
use crate::kit::{FieldIds, Glyph, ToolFacts, focus_if_lost, focus_soon};
use crate::kit::{Icon, IssueList, Notice, PageHead, framed, labels, with_place};
use crate::page::catalogue;

/// What a payload can start from, first of all.
const FIRST_FILL: &str = ".fills [data-fill]";

/// Shows the form, or what there is to choose from.
#[component]
pub(crate) fn EnqueuePage() -> impl IntoView {
    let tools = catalogue::tools();
    let picks = Picks::new(tools.value());
    let prefill = prefill::follow(picks);
    let chosen = Memo::new(move |_| picks.tool());
    let named = picks.named;
    keep_focus(picks);
    let draw = move || {
        (move || {
            if let Some(face) = prefill.face() {
                return face;
            }
            match (chosen.get(), named.get()) {
                (Some(tool), _) => form(tool, picks),
                (None, Some(name)) => view! {
                    <Notice icon=Icon::Warning title=format!("There is no tool {name}")>
                        <p>"Choose one of these:"</p>
                    </Notice>
                    {prefill.waiting()}
                    {picks.chooser()}
                }
                .into_any(),
                (None, None) => view! { {prefill.waiting()}{picks.chooser()} }.into_any(),
            }
        })
        .into_any()
    };
    view! {
        <PageHead title="Enqueue"/>
        {tools.faces("the tools", draw)}
    }
}

/// Keeps the focus on the choice of the tool, where the form of another one takes the place of what had it.
fn keep_focus(picks: Picks) {
    Effect::new(move |before: Option<Option<String>>| {
        let named = picks.named.get();
        if before.is_some_and(|before| before != named) && named.is_some() {
            focus_if_lost(format!("#{}", FieldIds::of("tool").control));
        }
        named
    });
}

fn form(tool: Tool, picks: Picks) -> AnyView {
    let name = tool.definition.name.clone();
    let draft = Draft::begin(&tool);
    check::follow(draft, name.clone());
    let sender = Sender::new(draft, name, picks.stream);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            sender.send();
        }
    };
    let waits = draft.broken(String::new());
    view! {
        <div class="enqueue" on:keydown=keys>
            <div class="enqueue-form">
                <div class="picks">{picks.tool_field()}{picks.stream_field()}</div>
                <ToolFacts tool=tool.clone()/>
                {brought(draft)}
                {fills(draft, &tool)}
                {top(draft)}
                <fieldset class="field-inside bare" disabled=move || waits.read().is_some()>
                    <legend class="unseen">"Payload"</legend>
                    {fields::all(draft, draft.fields())}
                </fieldset>
                {timeout(draft)}
            </div>
            {aside::aside(draft, sender)}
        </div>
    }
    .into_any()
}

/// Says that a link brought what cannot be read.
fn brought(draft: Draft) -> AnyView {
    let is_broken = Memo::new(move |_| draft.is_brought_broken());
    let told = "The payload of the link cannot be read. It stands as it came under “Payload as JSON”: mend it there, or go back to what the form has.";
    view! {
        <p class="issue broken" data-tone="stale" role="status" data-brought-broken=move || is_broken.get().then_some("")>
            {move || is_broken.get().then(|| view! { <Glyph icon=Icon::Warning/><span><strong>"Warning"</strong>" "{told}</span> })}
        </p>
    }
    .into_any()
}

/// What was found and has no place in the form, or why nobody could look.
fn top(draft: Draft) -> AnyView {
    let found = draft.findings(None);
    let issues = Memo::new(move |_| match draft.verdict().get() {
        Verdict::Unasked(reason) if !reason.code.is_empty() => {
            vec![Issue::error("", reason.code, reason.what)]
        }
        _ => found.get().into_iter().map(with_place).collect(),
    });
    view! {
        <div data-field="">
            <IssueList id="payload.issues" issues on_use=fields::on_use(draft)/>
        </div>
    }
    .into_any()
}

/// What a payload can start from, and the way back from it.
fn fills(draft: Draft, tool: &Tool) -> AnyView {
    let before = RwSignal::new(None::<Kept>);
    let aside = keep::aside(&draft.place());
    let put_aside = RwSignal::new(keep::load(&aside));
    let fill = move |(title, payload): (String, Json)| {
        let use_it = move |_| {
            before.set(Some(draft.kept()));
            draft.fill(payload.clone());
        };
        view! { <button type="button" class="button small" data-fill=title.clone() on:click=use_it>{title.clone()}</button> }
    };
    let examples = tool.definition.examples.iter().filter_map(|example| {
        let payload = Json::read_object(example.payload.as_str()).ok()?;
        Some((example.title.clone(), payload))
    });
    let mut starts = vec![("Blank".to_owned(), draft::template(tool))];
    starts.extend(examples);
    let undo = move || {
        let kept = before.get()?;
        let take_back = move |_| {
            draft.restore(kept.clone());
            before.set(None);
            focus_soon(FIRST_FILL);
        };
        Some(
            view! { <button type="button" class="button small" data-fill-undo on:click=take_back><Glyph icon=Icon::Again/>"Undo"</button> },
        )
    };
    let own = move || {
        let (kept, aside) = (put_aside.get()?, aside.clone());
        let take_back = move |_| {
            before.set(Some(draft.kept()));
            draft.restore(kept.clone());
            keep::forget(&aside, &kept);
            put_aside.set(None);
            focus_soon(FIRST_FILL);
        };
        Some(
            view! { <button type="button" class="button small" data-fill-own on:click=take_back><Glyph icon=Icon::Again/>"What you typed before"</button> },
        )
    };
    view! {
        <div class="row fills" role="group" aria-label="Start from">
            <span class="field-help">"Start from"</span>
            {starts.into_iter().map(fill).collect_view()}
            {own}
            {undo}
        </div>
    }
    .into_any()
}

/// The timeout of this one task.
fn timeout(draft: Draft) -> AnyView {
    let ids = FieldIds::of("timeout");
    let issues = Memo::new(move |_| match draft.limit() {
        Ok(_) => Vec::new(),
        Err(why) => vec![Issue::error("", "timeout", why)],
    });
    let input = view! {
        <input
            class="input short"
            type="text"
            autocomplete="off"
            spellcheck="false"
            placeholder="9m"
            id=ids.control.clone()
            aria-describedby=ids.described.clone()
            aria-invalid=move || (!issues.read().is_empty()).then_some("true")
            prop:value=draft.timeout()
            on:input:target=move |event| draft.type_timeout(event.target().value())
        />
    };
    let help = "From 1 second to 7 days, as 90, 9m or 2h. Empty leaves it to the tool.";
    let label = labels(&ids, "Timeout".to_owned(), false);
    let frame = framed(
        (&ids, label),
        help.to_owned(),
        (issues, fields::on_use(draft)),
        input.into_any(),
    );
    view! { <div class="timeout-field">{frame}</div> }.into_any()
}
