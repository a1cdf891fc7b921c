//! The table of tasks: a filter that lives in the address, and every task it means.

mod acts;
mod bar;
mod chosen;
mod copies;
mod desk;
mod each;
mod filter;
mod focus;
mod list;
mod roll;
mod row;
mod viewport;
mod whole;

use leptos::prelude::*;

use self::desk::{Desk, Face};
use self::whole::Whole;
use crate::board::{self, Board};
use crate::client::NoAnswer;
use crate::kit::{CopyButton, Icon, Notice, PageHead};
use crate::live::Retry;
use crate::route;
use crate::words::counted;

/// Shows the tasks that the address asks for, live.
#[component]
pub(crate) fn TasksPage() -> impl IntoView {
    let desk = Desk::open();
    let whole = Whole::of(desk);
    let filter = desk.filter();
    let tally = desk.tally();
    let command = Signal::derive(move || filter.with(filter::command));
    let told = Signal::derive(move || {
        let total = tally.get().total;
        let is_ready = desk.face().get() == Face::Ready;
        is_ready.then(|| {
            let matching = if filter.with(filter::is_all) {
                ""
            } else {
                " match"
            };
            format!("{}{matching}", counted(total, "task"))
        })
    });
    view! {
        <PageHead title="Tasks" tally=told>
            {whole.buttons()}
            <CopyButton
                text=command
                what="the command that lists these tasks (without the search)"
                label="Copy command"
            />
        </PageHead>
        {bar::bar(desk)}
        {faces(desk)}
        {acts::chosen_bar(desk, whole)}
        {whole.dialog()}
    }
}

fn faces(desk: Desk) -> AnyView {
    let board = Board::expect().face();
    let face = desk.face();
    let tally = desk.tally();
    let is_empty = Memo::new(move |_| tally.get().loaded == 0);
    (move || match (board.get(), face.get()) {
        (board::Face::Broken(reason), _) => unreachable(reason),
        (_, Face::Loading) => {
            view! { <Notice icon=Icon::Spark title="Loading the tasks…" busy=true/> }.into_any()
        }
        (_, Face::Refused(reason)) => refused(desk, reason),
        (_, Face::Ready) if is_empty.get() => empty(desk),
        (_, Face::Ready) => list::list(desk),
    })
    .into_any()
}

fn unreachable(reason: String) -> AnyView {
    let retry = Retry::expect();
    view! {
        <Notice icon=Icon::Failed title="The tasks cannot be shown">
            <p>{reason}</p>
            <button class="button" on:click=move |_| retry.now()>"Try again"</button>
        </Notice>
    }
    .into_any()
}

fn refused(desk: Desk, reason: NoAnswer) -> AnyView {
    view! {
        <Notice icon=Icon::Warning title="These tasks cannot be listed">
            <p>{reason.what}</p>
            {reason.hint.map(|hint| view! { <p><code>{hint}</code></p> })}
            <p class="row">
                <a class="button" href=route::TASKS>"Show all tasks"</a>
                <button class="button" on:click=move |_| desk.again()>"Try again"</button>
            </p>
        </Notice>
    }
    .into_any()
}

fn empty(desk: Desk) -> AnyView {
    if desk.filter().with(filter::is_all) {
        return view! {
            <Notice icon=Icon::Empty title="No tasks yet">
                <p><a class="button primary" href=route::ENQUEUE>"Enqueue one"</a></p>
            </Notice>
        }
        .into_any();
    }
    let meant = desk.filter().with(|asked| filter::spell(asked, ""));
    view! {
        <Notice icon=Icon::Empty title="No task matches">
            <p>{format!("There are no {meant}.")}</p>
            <p><a class="button" href=route::TASKS>"Show all tasks"</a></p>
        </Notice>
    }
    .into_any()
}

/// Tasks for tests.
#[cfg(test)]
mod made {
    use sparkq_core::wire::Task;
    use sparkq_core::{Status, StreamId, TaskId, Time, Timeout};

    /// The task number `seq`, in `auth`.
    pub(super) fn task(seq: i64, status: Status) -> Task {
        let noon = Time::from_millis(1_767_225_600_000);
        let has_begun = status != Status::Queued;
        Task {
            seq,
            id: TaskId::from_entropy(seq.unsigned_abs()),
            stream_id: StreamId::from_entropy(0),
            stream_name: "auth".parse().expect("a name"),
            tool_name: "run-bash".to_owned(),
            plugin: "scripts@0.1.0#0a1b2c3d4e5f".to_owned(),
            task_class: "MEDIUM_SCRIPT".to_owned().try_into().expect("a class"),
            payload: serde_json::json!({"script_path": "scripts/a.sh"}).into(),
            label: format!("scripts/{seq}.sh"),
            dedupe_key: None,
            status,
            stale: false,
            timeout: Timeout::from_seconds(300).expect("a timeout"),
            attempts: u32::from(has_begun),
            worker: None,
            result: None,
            error: None,
            requeued_from: None,
            created_at: noon,
            updated_at: noon,
            started_at: has_begun.then_some(noon),
            finished_at: status.is_final().then_some(noon),
        }
    }
}
