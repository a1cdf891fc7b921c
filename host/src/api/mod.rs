//! The HTTP API: one file per resource. Handlers read the request, call the queue and answer; no rule lives here.

mod cancel;
mod claim;
mod config;
mod cors;
mod events;
mod finish;
mod guard;
mod json;
mod page;
mod playbook;
mod purge;
mod reload;
mod request;
mod requeue;
mod scripts;
mod sessions;
mod stats;
mod status;
mod streams;
mod tasks;
mod tools;
mod watchers;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use sparkq_core::limits;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::Token;
use crate::daemon::Watchers;
use crate::queue::{Commits, Queue};

/// What every handler has.
#[derive(Debug, Clone)]
pub(crate) struct App {
    queue: Arc<Queue>,
    commits: Commits,
    watchers: Watchers,
    stopping: watch::Receiver<bool>,
    /// What a request must carry, where the door is locked.
    token: Option<Arc<Token>>,
}

impl App {
    pub(crate) fn new(
        queue: Arc<Queue>,
        commits: Commits,
        watchers: Watchers,
        stopping: watch::Receiver<bool>,
        token: Option<Token>,
    ) -> Self {
        Self {
            queue,
            commits,
            watchers,
            stopping,
            token: token.map(Arc::new),
        }
    }
}

/// All addresses of the server.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/api/health", get(status::health))
        .route("/api/status", get(status::overview))
        .route("/api/sessions", get(sessions::list).post(sessions::create))
        .route(
            "/api/sessions/{id}",
            get(sessions::show).put(sessions::edit),
        )
        .route("/api/streams", get(streams::list).post(streams::create))
        .route("/api/streams/{id}", get(streams::show).put(streams::edit))
        .route("/api/streams/{id}/playbook", get(playbook::playbook))
        .route("/api/streams/{id}/claim", post(claim::claim))
        .route("/api/streams/{id}/peek", get(claim::peek))
        .route("/api/streams/{id}/watcher", delete(watchers::stop))
        .route("/api/tasks", get(tasks::list).post(tasks::enqueue))
        .route("/api/tasks/batch", post(tasks::enqueue_batch))
        .route("/api/tasks/requeue", post(requeue::requeue_all))
        .route("/api/tasks/purge", post(purge::purge))
        .route("/api/tasks/{id}", get(tasks::show))
        .route("/api/tasks/{id}/complete", post(finish::complete))
        .route("/api/tasks/{id}/fail", post(finish::fail))
        .route("/api/tasks/{id}/requeue", post(requeue::requeue))
        .route("/api/tasks/{id}/cancel", post(cancel::cancel))
        .route("/api/tools", get(tools::list))
        .route("/api/tools/{name}", get(tools::show))
        .route("/api/tools/{name}/check", post(tools::check))
        .route("/api/scripts", get(scripts::list))
        .route("/api/plugins", get(scripts::plugins))
        .route("/api/stats", get(stats::stats))
        .route("/api/events", get(events::follow))
        .route("/api/config", get(config::show))
        .route("/api/reload", post(reload::reload))
        .fallback(page::page)
        .method_not_allowed_fallback(json::method_not_allowed)
        .layer(DefaultBodyLimit::max(limits::BODY))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(CatchPanicLayer::custom(json::panicked))
        .with_state(app)
}
