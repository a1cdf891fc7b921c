//! Speaks HTTP; no other file does.
//!
//! Every answer comes with the newest event it includes, so that whoever asked knows which events are news.

use std::fmt;

use gloo_net::http::Request;
use serde::de::DeserializeOwned;
use sparkq_core::wire::{ErrorBody, List, Overview, Stream, Task};

use crate::route;

/// The newest tasks that a page holds.
pub(crate) const PAGE: usize = 200;

/// An answer, and the newest event it includes.
pub(crate) struct Answer<T> {
    /// What was asked for.
    pub(crate) body: T,
    /// Seq of the newest event it includes.
    pub(crate) seq: i64,
}

/// Why there is no answer, as a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoAnswer(String);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Fetches the queue in a few numbers.
pub(crate) async fn overview() -> Result<Answer<Overview>, NoAnswer> {
    get("/api/status").await
}

/// Fetches all streams.
pub(crate) async fn streams() -> Result<Answer<List<Stream>>, NoAnswer> {
    get("/api/streams?limit=1000").await
}

/// Fetches the newest tasks, newest first.
pub(crate) async fn newest_tasks() -> Result<Answer<List<Task>>, NoAnswer> {
    get(&format!("/api/tasks?limit={PAGE}")).await
}

/// Where the events after `seq` are served.
pub(crate) fn events_after(seq: i64) -> String {
    format!("/api/events?after={seq}")
}

async fn get<T: DeserializeOwned>(address: &str) -> Result<Answer<T>, NoAnswer> {
    let answer = Request::get(address)
        .send()
        .await
        .map_err(|_| NoAnswer("SparkQ's server does not answer.".to_owned()))?;
    let seq = answer
        .headers()
        .get("Sparkq-Seq")
        .and_then(|seq| seq.parse().ok());
    let status = answer.status();
    let text = answer
        .text()
        .await
        .map_err(|_| NoAnswer("The connection broke during an answer.".to_owned()))?;
    if status == 401 {
        route::sign_in_first();
    }
    if !(200..300).contains(&status) {
        let reason = serde_json::from_str::<ErrorBody>(&text)
            .map_or_else(|_| format!("status {status}"), |body| body.error);
        return Err(NoAnswer(format!(
            "SparkQ's server refused {address}: {reason}."
        )));
    }
    let body = serde_json::from_str(&text).map_err(|error| {
        NoAnswer(format!(
            "{address} answered something else than expected: {error}."
        ))
    })?;
    Ok(Answer {
        body,
        seq: seq.unwrap_or_default(),
    })
}
