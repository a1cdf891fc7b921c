//! The event log as server-sent events. A reader is told that something was committed and asks the log what:
//! live and replay are one code path.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use futures_util::stream::{once, unfold};
use serde::Deserialize;
use sparkq_core::wire::Event;
use sparkq_core::{StreamId, TaskId};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use utoipa::IntoParams;

use super::App;
use super::docs::{LastEvent, Unknown};
use super::json::Failure;
use super::request::{Params, seq};
use crate::queue::Events;

/// A reader that is further behind is told to fetch again.
const FARTHEST_BEHIND: i64 = 1_000;

/// The least time between two writes to one reader: ten a second.
const BETWEEN_WRITES: Duration = Duration::from_millis(100);

/// How often a comment shows both sides that the other is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What tells nothing but that the connection lives.
const COMMENT: &str = ":\n\n";

/// From where on, and of which stream.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    /// The last event that the reader has: the `Sparkq-Seq` of what it fetched. `Last-Event-ID` goes before it.
    #[param(value_type = Option<i64>, minimum = 0)]
    after: Option<String>,
    /// Only events of this stream: id or name.
    #[param(example = "auth")]
    stream: Option<String>,
}

/// Follows what happens, as server-sent events.
///
/// Each event has the seq as its `id`, the kind as its `event`, and an `Event` as its `data`. It starts after
/// `Last-Event-ID`, else after `after`, else now.
#[utoipa::path(
    get, path = "/api/events", tag = "events", operation_id = "follow_events",
    params(From, LastEvent),
    responses((status = 200, description = "The events, for as long as the reader stays.", content_type = "text/event-stream", body = String), Unknown)
)]
pub(super) async fn follow(
    State(app): State<App>,
    headers: HeaderMap,
    Params(from): Params<From>,
) -> Result<Response, Failure> {
    let why = "not the seq of an event";
    let resumed = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let after = match seq("Last-Event-ID", resumed, why)? {
        Some(seq) => Some(seq),
        None => seq("after", from.after.as_deref(), why)?,
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
        next_write: Instant::now(),
        commits,
        stopping,
    };
    let writes = unfold(reader, |mut reader| async {
        let text = reader.next().await?;
        Some((Ok::<_, Infallible>(text), reader))
    });
    // A proxy holds the head back until something follows it.
    let first = once(async { Ok(COMMENT.to_owned()) });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, Body::from_stream(first.chain(writes))).into_response())
}

struct Reader {
    app: App,
    only: Option<StreamId>,
    /// The last event that was read.
    last: i64,
    next_write: Instant,
    commits: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
}

impl Reader {
    /// What to write next, once there is something; none when the server stops.
    async fn next(&mut self) -> Option<String> {
        let heartbeat = Instant::now() + HEARTBEAT;
        loop {
            tokio::select! {
                () = sleep_until(self.next_write) => {}
                () = stopped(&mut self.stopping) => return None,
            }
            self.commits.mark_unchanged();
            let read = match self.app.queue.events(self.last).await {
                Ok(read) => read,
                Err(error) => {
                    tracing::error!(%error, "the event log cannot be read");
                    return None;
                }
            };
            let text = self.take_in(read.value, read.seq);
            if !text.is_empty() {
                self.next_write = Instant::now() + BETWEEN_WRITES;
                return Some(text);
            }
            tokio::select! {
                changed = self.commits.changed() => changed.ok()?,
                () = stopped(&mut self.stopping) => return None,
                () = sleep_until(heartbeat) => return Some(COMMENT.to_owned()),
            }
        }
    }

    /// The text that tells of what was read of a log whose newest event is `newest`.
    fn take_in(&mut self, read: Events, newest: i64) -> String {
        let oldest = read.oldest.unwrap_or(newest.saturating_add(1));
        let gone = self.last.saturating_add(1) < oldest;
        let far = newest.saturating_sub(self.last) > FARTHEST_BEHIND;
        if newest < self.last || (newest > self.last && (far || gone)) {
            self.last = newest;
            return format!("id: {newest}\nevent: reset\ndata: {{}}\n\n");
        }
        if let Some(last) = read.events.last() {
            self.last = last.seq;
        }
        let wanted = |event: &Event| self.only.is_none() || event.stream_id == self.only;
        let events = coalesce(read.events.into_iter().filter(wanted));
        events.iter().map(sent).collect()
    }
}

/// Several events of one task become the last of them, which says what it stands for.
fn coalesce(events: impl Iterator<Item = Event>) -> Vec<Event> {
    let mut kept: Vec<Option<Event>> = Vec::new();
    let mut last_of = HashMap::<TaskId, usize>::new();
    for mut event in events {
        if let Some(task) = event.task_id.clone()
            && let Some(before) = last_of.insert(task, kept.len())
            && let Some(mut earlier) = kept.get_mut(before).and_then(Option::take)
        {
            event.merged.append(&mut earlier.merged);
            event.merged.push(earlier.kind);
        }
        kept.push(Some(event));
    }
    kept.into_iter().flatten().collect()
}

fn sent(event: &Event) -> String {
    let data = serde_json::to_string(event).unwrap_or_else(|_| "{}".to_owned());
    format!("id: {}\nevent: {}\ndata: {data}\n\n", event.seq, event.kind)
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that nobody can stop it any more, so it stops.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

#[cfg(test)]
mod tests {
    use sparkq_core::wire::EventKind;

    use super::*;

    fn event(seq: i64, kind: EventKind, task: Option<u64>) -> Event {
        Event {
            seq,
            at: sparkq_core::Time::from_millis(0),
            kind,
            actor: "test".to_owned(),
            session_id: None,
            stream_id: None,
            task_id: task.map(TaskId::from_entropy),
            data: None,
            merged: Vec::new(),
            task: None,
        }
    }

    #[test]
    fn several_events_of_one_task_become_the_last_and_it_says_what_it_stands_for() {
        use EventKind::{SessionCreated, StreamCreated, TaskClaimed, TaskCompleted, TaskEnqueued};
        let events = [
            event(1, SessionCreated, None),
            event(2, TaskEnqueued, Some(1)),
            event(3, TaskEnqueued, Some(2)),
            event(4, TaskClaimed, Some(1)),
            event(5, StreamCreated, None),
            event(6, TaskCompleted, Some(1)),
        ];
        let told: Vec<_> = coalesce(events.into_iter())
            .into_iter()
            .map(|event| (event.seq, event.merged))
            .collect();
        assert_eq!(
            told,
            [
                (1, vec![]),
                (3, vec![]),
                (5, vec![]),
                (6, vec![TaskEnqueued, TaskClaimed]),
            ]
        );
    }
}
