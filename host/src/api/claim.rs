use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use sparkq_core::Refusal;
use sparkq_core::time::parse_duration;
use sparkq_core::wire::Claimed;
use sparkq_store::Done;

use super::App;
use super::json::{Answer, nothing, ok};
use super::request::{Actor, Given, Key, Params, worker};
use crate::queue::Claim;

/// The longest wait, in seconds: a day.
const LONGEST_WAIT: u64 = 24 * 60 * 60;

/// Who claims, and how long they wait for work.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    worker: Option<String>,
    wait: Option<String>,
}

/// `POST /api/streams/{id}/claim`
pub(super) async fn claim(
    State(app): State<App>,
    Given(stream): Given,
    Actor(actor): Actor,
    key: Key,
    Params(asked): Params<Asked>,
) -> Answer {
    let worker = match asked.worker {
        Some(name) => worker("worker", &name)?,
        None => actor,
    };
    let request = key.of("claim", &(&stream, worker.as_str()));
    let claim = Claim {
        stream,
        worker,
        request,
    };
    let wait = asked
        .wait
        .as_deref()
        .map_or(Ok(Duration::ZERO), parse_wait)?;
    one_or_nothing(app.queue.claim_within(claim, wait, app.stopping).await?)
}

/// `GET /api/streams/{id}/peek`
pub(super) async fn peek(State(app): State<App>, Given(stream): Given) -> Answer {
    one_or_nothing(app.queue.peek(stream).await?)
}

fn one_or_nothing(done: Done<Option<Claimed>>) -> Answer {
    match done.value {
        Some(claimed) => ok(Done {
            value: claimed,
            seq: done.seq,
        }),
        None => Ok(nothing(done.seq)),
    }
}

fn parse_wait(text: &str) -> Result<Duration, Refusal> {
    let seconds = parse_duration(text).map_err(|error| Refusal::invalid("wait", text, error))?;
    if seconds > LONGEST_WAIT {
        return Err(Refusal::invalid("wait", text, "too long: at most a day"));
    }
    Ok(Duration::from_secs(seconds))
}
