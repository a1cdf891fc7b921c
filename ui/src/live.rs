//! Keeps the board up to date: fetches once, then follows the one `EventSource`.
//!
//! Fetches again only when the server says `reset`, when the log no longer fits what is held, and never more than once a second.

mod source;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::Event;

use self::source::{Note, Source};
use crate::board::{Board, Missing, Snapshot};
use crate::client::{self, NoAnswer};

/// The least time between two fetches of everything, in milliseconds.
const BREATH: u32 = 1000;

/// Lets a page ask for another try at once.
#[derive(Clone)]
pub(crate) struct Retry(UnboundedSender<()>);

impl Retry {
    /// The one that was provided above.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Tries again without waiting for the backoff to end.
    pub(crate) fn now(&self) {
        // Nobody listens only when the page is going away.
        let _ = self.0.unbounded_send(());
    }
}

/// Why following came to an end.
enum End {
    /// What is held no longer fits the log.
    FetchAgain,
    /// The connection is gone.
    Lost,
}

/// Starts to feed `board`, for as long as the page is there.
pub(crate) fn start(board: Board) -> Retry {
    let (sender, retries) = unbounded();
    spawn_local(feed(board, retries));
    Retry(sender)
}

async fn feed(board: Board, mut retries: UnboundedReceiver<()>) {
    let mut failures = 0;
    loop {
        match snapshot().await {
            Ok(snapshot) => {
                board.load(snapshot);
                keep_following(board, &mut retries, &mut failures).await;
                TimeoutFuture::new(BREATH).await;
            }
            Err(reason) => {
                board.no_answer(&reason);
                pause(&mut retries, &mut failures).await;
            }
        }
    }
}

/// Fetches everything. The tasks come first: then counts and streams include at least the events that the tasks include,
/// and no event can be missing from a count.
async fn snapshot() -> Result<Snapshot, NoAnswer> {
    let tasks = client::newest_tasks().await?;
    let overview = client::overview().await?;
    let streams = client::streams().await?;
    Ok(Snapshot {
        tasks,
        overview,
        streams,
    })
}

/// Follows, and connects again from where it was, until everything has to be fetched again.
async fn keep_following(board: Board, retries: &mut UnboundedReceiver<()>, failures: &mut u32) {
    while let End::Lost = follow(board, failures).await {
        board.lost();
        loop {
            pause(retries, failures).await;
            // Asking first tells a server that is still away from one that has another database by now.
            match client::overview().await {
                Ok(answer) if answer.seq < board.seq() => return,
                Ok(_) => break,
                Err(_) => {}
            }
        }
    }
}

async fn follow(board: Board, failures: &mut u32) -> End {
    let Some((_source, mut notes)) = Source::open(&client::events_after(board.seq())) else {
        return End::Lost;
    };
    let mut missing = Missing::Nothing;
    loop {
        let note = match notes.try_recv() {
            Ok(note) => note,
            // Nothing more has arrived: time to fetch what the events could not say.
            Err(_) if missing == Missing::Streams => {
                missing = Missing::Nothing;
                match client::streams().await {
                    Ok(streams) => board.load_streams(streams),
                    Err(_) => break End::FetchAgain,
                }
                continue;
            }
            Err(_) => match notes.recv().await {
                Ok(note) => note,
                Err(_) => break End::Lost,
            },
        };
        match note {
            Note::Open => {
                *failures = 0;
                board.connected();
            }
            Note::Broken => break End::Lost,
            Note::Message { kind: "reset", .. } => break End::FetchAgain,
            Note::Message { kind, seq, data } => {
                missing = missing.max(take_in(board, kind, seq, &data));
                if missing == Missing::Everything {
                    break End::FetchAgain;
                }
            }
        }
    }
}

/// Applies one message. What this page cannot read, as a newer server may send it, makes it fetch instead.
fn take_in(board: Board, kind: &str, seq: Option<i64>, data: &str) -> Missing {
    if let Ok(event) = serde_json::from_str::<Event>(data) {
        return board.apply(&event);
    }
    if let Some(seq) = seq {
        board.skip(seq);
    }
    if kind.starts_with("task.") {
        Missing::Everything
    } else {
        Missing::Streams
    }
}

/// Waits before the next try, longer after each failure, or until a person asks.
async fn pause(retries: &mut UnboundedReceiver<()>, failures: &mut u32) {
    let wait = TimeoutFuture::new(backoff(*failures));
    *failures = failures.saturating_add(1);
    if let Either::Right(_) = select(wait, retries.recv()).await {
        *failures = 0;
    }
}

/// Returns how long to wait after this many failures: half a second, doubled each time, ten seconds at most.
const fn backoff(failures: u32) -> u32 {
    let doublings = if failures > 5 { 5 } else { failures };
    let wait = 500 << doublings;
    if wait > 10_000 { 10_000 } else { wait }
}
