//! What is fetched, and for how long that is waited for.

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use sparkq_core::wire::{List, Overview, Stream};

use crate::board::Snapshot;
use crate::client::{self, Answer, NoAnswer};

/// How long everything may take, in milliseconds.
const ALL: u32 = 30_000;

/// How long a sign of life may take, in milliseconds.
const SIGN: u32 = 10_000;

/// Fetches everything. The tasks come first: then counts and streams include at least the events that the tasks include,
/// and no event can be missing from a count.
pub(super) async fn snapshot() -> Result<Snapshot, NoAnswer> {
    let all = async {
        let tasks = client::tasks::newest().await?;
        let (overview, streams) = counts().await?;
        Ok(Snapshot {
            tasks,
            overview,
            streams,
        })
    };
    let took_too_long = NoAnswer {
        what: "SparkQ's server takes too long to answer.".to_owned(),
        code: String::new(),
        hint: None,
        fields: Vec::new(),
    };
    within(ALL, all).await.unwrap_or(Err(took_too_long))
}

/// Fetches counts and streams; none when that takes too long, or there is no answer.
pub(super) async fn counts_in_time() -> Option<(Answer<Overview>, Answer<List<Stream>>)> {
    within(ALL, counts()).await?.ok()
}

async fn counts() -> Result<(Answer<Overview>, Answer<List<Stream>>), NoAnswer> {
    let overview = client::queue::overview().await?;
    Ok((overview, client::streams::all().await?))
}

/// Asks the server for the newest event there is; none when it does not answer.
pub(super) async fn sign_of_life() -> Option<i64> {
    let overview = within(SIGN, client::queue::overview()).await?;
    overview.ok().map(|answer| answer.seq)
}

async fn within<T>(millis: u32, done: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(done), TimeoutFuture::new(millis)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
