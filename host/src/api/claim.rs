use axum::extract::State;
use serde::Deserialize;
use sparkq_core::wire::Claimed;
use sparkq_store::Done;

use super::App;
use super::json::{Answer, nothing, ok};
use super::request::{Actor, Given, Params, worker};

/// Who claims.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    worker: Option<String>,
}

/// `POST /api/streams/{id}/claim`
pub(super) async fn claim(
    State(app): State<App>,
    Given(stream): Given,
    Actor(actor): Actor,
    Params(claim): Params<Claim>,
) -> Answer {
    let worker = match claim.worker {
        Some(name) => worker("worker", &name)?,
        None => actor,
    };
    one_or_nothing(app.queue.claim(stream, worker).await?)
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
