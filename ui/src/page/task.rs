//! One task: what came of it, why, and what can be done about it; live.

mod act;
mod cancel;
mod history;
mod keys;
mod outcome;
mod requeue;
mod story;
mod watch;

use leptos::prelude::*;
use sparkq_core::Status;

use self::act::Act;
use self::story::Story;
use self::watch::{Face, Outputs, Watch};
use crate::client::NoAnswer;
use crate::kit::{Console, Course, DocumentTree, Icon, Notice, PageHead, Timeline, linked};
use crate::route;

/// Shows the task that the address names.
#[component]
pub(crate) fn TaskPage() -> impl IntoView {
    let named = route::named();
    // Another address is another task, watched anew.
    move || draw_watch(named.get())
}

fn draw_watch(given: String) -> AnyView {
    let watch = Watch::begin(given.clone());
    let face = watch.face;
    (move || match face.get() {
        Face::Loading => view! {
            <PageHead title=given.clone()/>
            <Notice icon=Icon::Spark title="Loading the task…" busy=true/>
        }
        .into_any(),
        Face::Here(story) => draw_task(story.into(), watch.outputs),
        Face::Missing(reason) => draw_missing(&given, &reason),
        Face::Broken(reason) => view! {
            <PageHead title=given.clone()/>
            <Notice icon=Icon::Failed title="The task cannot be shown">
                <p>{reason.what}</p>
                <button class="button" on:click=move |_| watch.fetch()>"Try again"</button>
            </Notice>
        }
        .into_any(),
    })
    .into_any()
}

fn draw_missing(given: &str, reason: &NoAnswer) -> AnyView {
    let title = if reason.is_not_found() {
        "There is no such task"
    } else {
        "Several tasks begin like this"
    };
    let may_be_gone = reason.is_not_found().then(|| {
        view! {
            <p>"A finished task goes when it is purged; its clones stay until they are."</p>
        }
    });
    let said = if reason.is_not_found() {
        reason.what.clone().into_any()
    } else {
        linked(&reason.what)
    };
    view! {
        <PageHead title=given.to_owned()/>
        <Notice icon=Icon::Warning title=title>
            <p>{said}</p>
            {may_be_gone}
            <p><a class="button" href=route::TASKS>"See all tasks"</a></p>
        </Notice>
    }
    .into_any()
}

fn draw_task(story: RwSignal<Story>, printed: RwSignal<Outputs>) -> AnyView {
    let act = Act::on(story);
    keys::listen(&act);
    let course = Memo::new(move |_| story.with(|story| Course::of(&story.task)));
    view! {
        {act.draw_head()}
        {outcome::draw(story)}
        <Timeline course/>
        <div class="task-columns">
            <div class="task-main">{draw_contents(story, printed)}</div>
            <aside class="task-side">
                {history::draw_chain(story)}
                {history::draw_events(story)}
                {history::draw_instructions(story)}
            </aside>
        </div>
        {act.draw_dialogs()}
    }
    .into_any()
}

/// Draws what went in and what came out. Of a failed task one reads first what it complained of.
fn draw_contents(story: RwSignal<Story>, printed: RwSignal<Outputs>) -> AnyView {
    let id = story.with_untracked(|story| story.task.id.to_string());
    let payload = story.with_untracked(|story| story.task.payload.as_str().to_owned());
    let result = Memo::new(move |_| {
        let read = |story: &Story| Some(story.task.result.as_ref()?.as_str().to_owned());
        story.with(read)
    });
    let status = Memo::new(move |_| story.with(|story| story.task.status));
    let result = move || {
        result
            .get()
            .map(|json| view! { <DocumentTree title="Result" json/> })
    };
    let outputs = move || {
        let Outputs { of, stdout, stderr } = printed.get();
        let is_silent = stdout.is_none() && stderr.is_none();
        let draw = |title: &'static str, text: Option<std::sync::Arc<str>>| {
            let file = format!("{id}.{}.txt", title.to_ascii_lowercase());
            text.map(|text| view! { <Console title text file/> }.into_any())
        };
        let (stdout, stderr) = (draw("Stdout", stdout), draw("Stderr", stderr));
        let (first, second) = match status.get() {
            Status::Failed => (stderr, stdout),
            _ => (stdout, stderr),
        };
        let silence = (is_silent && of.is_some_and(Status::is_final)).then(|| {
            view! {
                <p class="task-silence">"No output was handed in."</p>
            }
        });
        view! { {first}{second}{silence} }
    };
    view! { {result}{outputs}<DocumentTree title="Payload" json=payload/> }.into_any()
}
