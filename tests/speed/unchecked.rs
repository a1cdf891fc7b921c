//! What the check of a plugin costs an enqueue: the same store behind a server that asks no plugin.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use sparkq_core::wire::Enqueue;
use sparkq_store::sqlite::{Asker, Writer};
use sparkq_store::{EnqueueTask, Fault, Queued, Verb, Write};
use tokio::sync::oneshot;

use crate::Effort;
use crate::bench::{Server, TestQueue};
use crate::cycles::enqueues;
use crate::idle::until_calm;
use crate::table::{Durability, Row, median};
use crate::{rivals, store};

const GROUP: &str = "enqueues over HTTP, checked by a plugin and not";

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Row>> {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let unchecked = rivals::unchecked()?;
    let mut rows = Vec::new();
    for connections in [1, 32] {
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..effort.rounds {
            for (address, rates) in [&server.address, &unchecked.address].iter().zip(&mut rates) {
                enqueues(address, connections, effort.time / 4).await?;
                rates.push(enqueues(address, connections, effort.time).await?);
                // The search is still busy with what was queued.
                until_calm(server.pid())?;
            }
        }
        let [checked, unchecked] = rates.map(|mut rates| median(&mut rates));
        let row = |what: &str, value, unit| {
            let plural = if connections == 1 { "" } else { "s" };
            let what = format!("{what}, {connections} connection{plural}");
            Row::new(GROUP, what, value, unit, Durability::Synced)
        };
        rows.push(row("checked", checked, "tasks/s"));
        rows.push(row("unchecked", unchecked, "tasks/s"));
        rows.push(row("checked to unchecked", checked / unchecked, "×").at_least(0.9));
    }
    Ok(rows)
}

/// Serves a queue in a folder, on a port of the loopback address, until it is killed.
pub(crate) fn serve(port: u16, folder: &Path) -> Result<()> {
    let store = store::open(&folder.join("q.db"))?;
    let (writer, _thread) = Writer::start(Box::new(store), |_| true, || ())?;
    let app = App {
        writer,
        like: Arc::new(store::new_task()?),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = Router::new()
            .route("/api/tasks", post(enqueue))
            .with_state(app);
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        axum::serve(listener, app).await?;
        Ok(())
    })
}

#[derive(Clone)]
struct App {
    writer: Writer,
    /// What every task has that is not in its request.
    like: Arc<EnqueueTask>,
}

async fn enqueue(State(app): State<App>, body: Bytes) -> Response {
    match write(&app, &body).await {
        Ok(task) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::CREATED, kind, task).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn write(app: &App, body: &[u8]) -> Result<Vec<u8>> {
    let new: Enqueue = serde_json::from_slice(body)?;
    let task = EnqueueTask {
        stream: new.stream_id.unwrap_or_default(),
        tool: new.tool_name,
        payload: new.payload,
        ..(*app.like).clone()
    };
    let (asker, answer) = oneshot::channel();
    app.writer
        .send(task.into_write(), Box::new(Client(asker)))?;
    let queued = EnqueueTask::answer(answer.await??);
    let queued: Queued = queued
        .ok_or_else(|| anyhow!("another answer"))?
        .map_err(|error| anyhow!("{error:?}"))?
        .value;
    Ok(serde_json::to_vec(&queued.task)?)
}

/// A handler that waits for the writer.
struct Client(oneshot::Sender<Result<Write, Fault>>);

impl Asker for Client {
    fn is_waiting(&self) -> bool {
        !self.0.is_closed()
    }

    fn answer(self: Box<Self>, answered: Result<Write, Fault>) {
        // The client may have gone.
        let _ = self.0.send(answered);
    }
}
