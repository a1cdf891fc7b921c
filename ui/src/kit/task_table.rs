//! The table of tasks. Each row follows its own task, so a change redraws one row.

use leptos::prelude::*;
use sparkq_core::wire::Task;

use super::{Ago, RunTime, StatusBadge, each, seen_text};
use crate::board::{Row, is_stale};
use crate::clock::Clock;
use crate::route;

/// Shows tasks in the order they come in. Narrow, each row becomes a card.
#[component]
pub(crate) fn TaskTable(#[prop(into)] rows: Signal<Vec<Row>>) -> impl IntoView {
    view! {
        <table class="tasks" role="table">
            <caption class="unseen">"Tasks, newest first"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {["Status", "Task", "Stream", "Worker", "Created", "Duration", "Outcome"].map(|title| view! {
                        <th scope="col" role="columnheader">{title}</th>
                    }).collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {each(move || rows.get(), |row| row.id.to_string(), draw_row)}
            </tbody>
        </table>
    }
}

fn draw_row(row: Row) -> AnyView {
    let Row { id, task } = row;
    let clock = Clock::expect();
    let signal = task.clone();
    let status = Memo::new(move |_| signal.read().status);
    let signal = task.clone();
    let stale = Memo::new(move |_| is_stale(&signal.read(), clock));
    let signal = task.clone();
    let worker = Memo::new(move |_| signal.read().worker.as_deref().map(seen_text));
    let signal = task.clone();
    let outcome = Memo::new(move |_| outcome(&signal.read()));

    // What a task is about never changes.
    let title = task.with_untracked(title_of);
    let Task {
        tool_name,
        stream_name,
        created_at,
        ..
    } = task.get_untracked();
    let address = route::task(id.as_str());
    view! {
        <tr
            role="row"
            data-task-id=id.to_string()
            data-status=move || status.get().as_str()
            data-stale=move || stale.get().then_some("")
        >
            <td role="cell" class="at-status"><StatusBadge status stale/></td>
            <th role="rowheader" scope="row" class="at-task">
                <a class="task-label" data-row="" href=address title=title.clone()>{title.clone()}</a>
                <span class="task-id"><code>{id.to_string()}</code><span>{tool_name}</span></span>
            </th>
            <td role="cell" class="at-stream">{stream_name.to_string()}</td>
            <td role="cell" class="at-worker" title=worker>{worker}</td>
            <td role="cell" class="at-created"><Ago at=created_at/></td>
            <td role="cell" class="at-duration"><RunTime task stale/></td>
            <td role="cell" class="at-outcome">
                <span title=outcome>{outcome}</span>
            </td>
        </tr>
    }
    .into_any()
}

/// The first line of what came of a task: of its summary, or of its error.
fn outcome(task: &Task) -> Option<String> {
    let text = task.error.clone().or_else(|| task.summary())?;
    first_line(&text)
}

/// The first line of `text` that says something, with marks for what is not seen in it.
pub(crate) fn first_line(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| !line.is_empty()).map(seen_text)
}

/// What a task is called: its label, with marks for what is not seen in it, else its tool.
pub(crate) fn title_of(task: &Task) -> String {
    let label = task.label.trim();
    if label.is_empty() {
        task.tool_name.clone()
    } else {
        seen_text(label)
    }
}
