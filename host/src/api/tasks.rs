use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sparkq_core::wire::{Enqueue, EnqueueBatch};
use sparkq_store::{Done, TaskFilter, TaskQuery};

use super::App;
use super::json::{Answer, ok, with_status};
use super::request::{Actor, Body, Given, Key, Lines, Params, page, parameter};
use crate::queue::parse_batch;

/// What narrows the list of tasks, and which page of it is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    status: Option<String>,
    stream: Option<String>,
    tool: Option<String>,
    stale: Option<String>,
    q: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/tasks`
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

/// `GET /api/tasks/{id}`
pub(super) async fn show(State(app): State<App>, Given(id): Given) -> Answer {
    ok(app.queue.task(id).await?)
}

/// `POST /api/tasks`
pub(super) async fn enqueue(
    State(app): State<App>,
    Actor(actor): Actor,
    key: Key,
    Body(new): Body<Enqueue>,
) -> Answer {
    let request = key.of("enqueue", &new);
    let done = app.queue.enqueue(new, actor, request).await?;
    let status = if done.value.existed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok(with_status(
        status,
        Done {
            value: done.value.task,
            seq: done.seq,
        },
    ))
}

/// `POST /api/tasks/batch`
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
