use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sparkq_core::Status;
use sparkq_core::wire::{BatchQueued, Enqueue, EnqueueBatch, List, Task, TaskDetail};
use sparkq_store::{TaskFilter, TaskQuery};
use utoipa::IntoParams;

use super::App;
use super::docs::{Conflict, OfTask, Rejected, Unknown};
use super::json::{Answer, ok, queued, with_status};
use super::request::{Actor, Body, Given, Key, Lines, Params, page, parameter};
use crate::queue::parse_batch;

/// What narrows the list of tasks, and which page of it is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only tasks of this status.
    #[param(value_type = Option<Status>)]
    status: Option<String>,
    /// Only tasks of this stream: id or name.
    stream: Option<String>,
    /// Only tasks for this tool.
    tool: Option<String>,
    /// Only tasks that have been running for longer than their timeout.
    #[param(value_type = Option<bool>)]
    stale: Option<String>,
    /// Only tasks in which all these words are found: in label, payload, summary, error or the start of the outputs.
    q: Option<String>,
    /// The most rows of a page.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// Where the page before ended: its `next_cursor`.
    #[param(pattern = "^[0-9]{1,18}$")]
    cursor: Option<String>,
}

/// Lists tasks, newest first.
#[utoipa::path(
    get, path = "/api/tasks", tag = "tasks", operation_id = "list_tasks",
    params(Filter),
    responses((status = 200, body = List<Task>), Unknown)
)]
pub(super) async fn list(State(app): State<App>, Params(filter): Params<Filter>) -> Answer {
    let stale =
        parameter("stale", filter.stale.as_deref(), "neither true nor false")?.unwrap_or(false);
    let query = TaskQuery {
        filter: TaskFilter {
            status: parameter(
                "status",
                filter.status.as_deref(),
                "not a status: one of queued, running, succeeded, failed",
            )?,
            stream: filter.stream,
            tool: filter.tool,
            stale_at: stale.then(|| app.queue.now()),
            finished_by: None,
            text: filter.q,
        },
        page: page(filter.limit.as_deref(), filter.cursor.as_deref())?,
    };
    ok(app.queue.tasks(query).await?)
}

/// Shows a task with its output, timing and history.
#[utoipa::path(
    get, path = "/api/tasks/{id}", tag = "tasks", operation_id = "show_task",
    params(OfTask),
    responses((status = 200, body = TaskDetail), Unknown, Conflict)
)]
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.task(id).await?)
}

/// Queues a task.
///
/// Its tool's plugin checks the payload first, and a rejected one writes nothing.
#[utoipa::path(
    post, path = "/api/tasks", tag = "tasks",
    params(Actor, Key), request_body = Enqueue,
    responses((status = 201, body = Task), (status = 200, body = Task, description = "A live task with the same dedupe key, and no new one."), Unknown, Conflict, Rejected)
)]
pub(super) async fn enqueue(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    Body(new): Body<Enqueue>,
) -> Answer {
    let request = key.of("enqueue", &new);
    let done = app.queue.enqueue(new, actor, request).await?;
    Ok(queued(done))
}

/// Queues many tasks, all or none.
///
/// As NDJSON the body is one task a line. A refusal names the line, or the task, from 1.
#[utoipa::path(
    post, path = "/api/tasks/batch", tag = "tasks",
    params(Actor, Key),
    request_body(content((EnqueueBatch = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 201, body = BatchQueued), Unknown, Conflict, Rejected)
)]
pub(super) async fn enqueue_batch(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    batch: Lines<EnqueueBatch>,
) -> Answer {
    let tasks = match batch {
        Lines::Whole(batch) => batch.tasks,
        Lines::Lines(text) => parse_batch(&text, None)?,
    };
    let request = key.of("batch", &tasks);
    Ok(with_status(
        StatusCode::CREATED,
        app.queue.enqueue_batch(tasks, &actor, request).await?,
    ))
}
