//! The event log as server-sent events. A reader is told that something was committed and asks the log what:
//! live and replay are one code path.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use serde::Deserialize;
use sparkq_core::StreamId;
use sparkq_core::wire::Event;
use tokio::sync::watch;

use super::App;
use super::json::Failure;
use super::request::{Params, parameter};

/// A reader that is further behind is told to fetch again.
const FARTHEST_BEHIND: i64 = 1_000;

/// How often a comment shows both sides that the other is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// From where on, and of which stream.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    after: Option<String>,
    stream: Option<String>,
}

/// `GET /api/events`
pub(super) async fn follow(
    State(app): State<App>,
    headers: HeaderMap,
    Params(from): Params<From>,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Failure> {
    let why = "not the seq of an event";
    let resumed = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let after = match parameter("Last-Event-ID", resumed, why)? {
        Some(seq) => Some(seq),
        None => parameter("after", from.after.as_deref(), why)?,
    };
    let only = match from.stream {
        Some(given) => Some(app.queue.stream(given).await?.value.id),
        None => None,
    };
    // Subscribed before the newest event is looked up, so that none falls between the two.
    let commits = app.commits.watch();
    let last = match after {
        Some(seq) => seq,
        None => app.queue.last_seq().await?,
    };
    let stopping = app.stopping.clone();
    let reader = Reader {
        app,
        only,
        last,
        unsent: VecDeque::new(),
        commits,
        stopping,
    };
    let events = unfold(reader, |mut reader| async {
        reader.next().await.map(|sent| (Ok(sent), reader))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

struct Reader {
    app: App,
    only: Option<StreamId>,
    /// The last event that was read.
    last: i64,
    unsent: VecDeque<Event>,
    commits: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
}

impl Reader {
    /// The next event, once there is one; none when the server stops.
    async fn next(&mut self) -> Option<Sent> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some(event) = self.unsent.pop_front() {
                return Some(sent(&event));
            }
            self.commits.mark_unchanged();
            let read = match self.app.queue.events(self.last).await {
                Ok(read) => read,
                Err(error) => {
                    tracing::error!(%error, "the event log cannot be read");
                    return None;
                }
            };
            if read.seq.saturating_sub(self.last) > FARTHEST_BEHIND || read.seq < self.last {
                self.last = read.seq;
                return Some(
                    Sent::default()
                        .id(read.seq.to_string())
                        .event("reset")
                        .data("{}"),
                );
            }
            if let Some(newest) = read.value.last() {
                self.last = newest.seq;
                let wanted = |event: &Event| self.only.is_none() || event.stream_id == self.only;
                self.unsent = read.value.into_iter().filter(wanted).collect();
                continue;
            }
            tokio::select! {
                changed = self.commits.changed() => changed.ok()?,
                stopped = self.stopping.changed() => stopped.ok()?,
            }
        }
    }
}

fn sent(event: &Event) -> Sent {
    let data = serde_json::to_string(event).unwrap_or_else(|_| "{}".to_owned());
    Sent::default()
        .id(event.seq.to_string())
        .event(event.kind.as_str())
        .data(data)
}
