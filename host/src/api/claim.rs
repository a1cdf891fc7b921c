use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use sparkq_core::time::parse_duration;
use sparkq_core::wire::{Claimed, Released};
use sparkq_core::{Refusal, Worker};
use sparkq_store::Done;
use utoipa::IntoParams;

use super::App;
use super::docs::{Conflict, OfStream, Unknown};
use super::json::{Answer, nothing, ok};
use super::line::Line;
use super::request::{Actor, Given, Ignored, Key, Params, key, worker};
use crate::queue::{Claim, request_key};

/// The longest wait, in seconds: a day.
const LONGEST_WAIT: u64 = 24 * 60 * 60;

/// Who claims, and how long they wait for work.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Who will do it; else whoever `Sparkq-Actor` names.
    #[param(value_type = Option<Worker>)]
    worker: Option<String>,
    /// How long to wait for a task when none is queued: 90, 90s, 9m, 2h or 1d, at most a day. None answers at once.
    #[param(pattern = "^[0-9]{1,5}[smhd]?$", example = "30s")]
    wait: Option<String>,
}

/// Claims the oldest queued task of a stream.
///
/// The task becomes `running` and belongs to the worker. With `wait` the answer comes as soon as there is a task, or when
/// the time has run out. A body is ignored. A claim whose answer cannot be handed over is undone.
#[utoipa::path(
    post, path = "/api/streams/{id}/claim", tag = "streams",
    params(OfStream, Asked, Actor, Key),
    responses((status = 200, body = Claimed), (status = 204, description = "Nothing is queued."), Unknown, Conflict)
)]
pub(super) async fn claim(
    State(app): State<App>,
    Given(stream): Given,
    Actor(actor): Actor,
    key: Key,
    Params(asked): Params<Asked>,
    line: Line,
    _: Ignored,
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
    let there = || !line.is_dead();
    let claimed = app
        .queue
        .claim_within(claim, wait, app.stopping.clone(), there);
    one_or_nothing(claimed.await?)
}

/// Which claim is to be undone.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Claimant {
    /// The `Idempotency-Key` that it was sent with.
    #[param(
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$",
        example = "4f1c2d-1"
    )]
    key: String,
    /// The worker that it was for; else whoever `Sparkq-Actor` names.
    #[param(value_type = Option<Worker>)]
    worker: Option<String>,
}

/// Undoes a claim whose answer nobody has read.
///
/// For whoever made it, and is the only one to know its key. Its task is queued again, as if it had never been claimed,
/// and nothing more is claimed with the key. Stream and worker are spelled as they were for the claim: by another name,
/// or by the id where a name was given, it is another request, `KEY_REUSED`. Asked again, it is answered alike.
#[utoipa::path(
    delete, path = "/api/streams/{id}/claim", tag = "streams", operation_id = "release_claim",
    params(OfStream, Claimant, Actor),
    responses((status = 200, body = Released), Conflict)
)]
pub(super) async fn release(
    State(app): State<App>,
    Given(stream): Given,
    Actor(actor): Actor,
    Params(claimant): Params<Claimant>,
) -> Answer {
    let worker = match claimant.worker {
        Some(name) => worker("worker", &name)?,
        None => actor,
    };
    let key = key("key", claimant.key)?;
    let request = request_key(&key, "claim", &(&stream, worker.as_str()));
    ok(app.queue.release_claim(worker, request).await?)
}

/// Shows the task that a claim would hand out.
#[utoipa::path(
    get, path = "/api/streams/{id}/peek", tag = "streams",
    params(OfStream),
    responses((status = 200, body = Claimed), (status = 204, description = "Nothing is queued."), Unknown, Conflict)
)]
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
