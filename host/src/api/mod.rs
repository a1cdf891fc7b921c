//! The HTTP API: one file per resource. Handlers read the request, call the queue and answer; no rule lives here.

mod cancel;
mod claim;
mod config;
mod cors;
mod docs;
mod events;
mod finish;
mod guard;
mod json;
mod line;
mod login;
mod packing;
mod page;
mod playbook;
mod plugins;
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

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use sparkq_core::limits;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use line::Line;

use crate::config::Token;
use crate::daemon::Watchers;
use crate::queue::{Commits, Queue};

/// What every handler has. It is cloned several times for each request, so all of it lies behind one pointer.
#[derive(Debug, Clone)]
pub(crate) struct App(Arc<Shared>);

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    queue: Arc<Queue>,
    commits: Commits,
    watchers: Watchers,
    stopping: watch::Receiver<bool>,
    /// What a request must carry, where the door is locked.
    token: Option<Token>,
    guesses: login::Guesses,
    /// The newest event that an answer has included.
    newest: AtomicI64,
}

impl App {
    /// What the handlers of `queue` have; `newest` is the newest event there is.
    pub(crate) fn new(
        queue: Arc<Queue>,
        commits: Commits,
        watchers: Watchers,
        stopping: watch::Receiver<bool>,
        token: Option<Token>,
        newest: i64,
    ) -> Self {
        Self(Arc::new(Shared {
            queue,
            commits,
            watchers,
            stopping,
            token,
            guesses: login::Guesses::default(),
            newest: AtomicI64::new(newest),
        }))
    }
}

/// All addresses of the server.
pub(crate) fn router(app: App) -> Router {
    Router::from(routes())
        .merge(login::routes())
        .fallback(page::page)
        .method_not_allowed_fallback(json::method_not_allowed)
        .layer(DefaultBodyLimit::max(limits::BODY))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(CatchPanicLayer::custom(json::panicked))
        .layer(from_fn_with_state(app.clone(), json::with_newest_seq))
        .with_state(app)
}

/// The addresses of the API. Each is reached by its description, so none is left undescribed.
fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(status::health))
        .routes(routes!(status::overview))
        .routes(routes!(stats::stats))
        .routes(routes!(sessions::list, sessions::create))
        .routes(routes!(sessions::show, sessions::edit))
        .routes(routes!(streams::list, streams::create))
        .routes(routes!(streams::show, streams::edit))
        .routes(routes!(playbook::playbook))
        .routes(routes!(claim::claim, claim::release))
        .routes(routes!(claim::peek))
        .routes(routes!(watchers::stop))
        .routes(routes!(tasks::list, tasks::enqueue))
        .routes(routes!(tasks::enqueue_batch))
        .routes(routes!(requeue::requeue_all))
        .routes(routes!(purge::purge))
        .routes(routes!(tasks::show))
        .routes(routes!(finish::complete))
        .routes(routes!(finish::fail))
        .routes(routes!(requeue::requeue))
        .routes(routes!(cancel::cancel))
        .routes(routes!(tools::list))
        .routes(routes!(tools::show))
        .routes(routes!(tools::check))
        .routes(routes!(scripts::list))
        .routes(routes!(plugins::list))
        .routes(routes!(plugins::logs))
        .routes(routes!(events::follow))
        .routes(routes!(config::show))
        .routes(routes!(reload::reload))
        .merge(docs::routes())
}
