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

/// How long nothing may have happened before the counts are fetched again to be exact, in milliseconds.
const QUIET: u32 = 300;

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
    let tasks = client::tasks::newest().await?;
    let overview = client::queue::overview().await?;
    let streams = client::streams::all().await?;
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
            match client::queue::overview().await {
                Ok(answer) if answer.seq < board.seq() => return,
                Ok(_) => break,
                Err(_) => {}
            }
        }
    }
}

async fn follow(board: Board, failures: &mut u32) -> End {
    let Some((_source, mut notes)) = Source::open(&client::queue::events_after(board.seq())) else {
        return End::Lost;
    };
    let mut tries = 0;
    loop {
        let patience = match board.missing() {
            Missing::Nothing => None,
            Missing::Rest => Some(QUIET << tries),
            Missing::Streams => Some(0),
            Missing::Everything => break End::FetchAgain,
        };
        match next(&mut notes, patience).await {
            Next::Note(Note::Open) => {
                *failures = 0;
                board.connected();
            }
            Next::Note(Note::Broken) | Next::End => break End::Lost,
            Next::Note(Note::Message { kind: "reset", .. }) => break End::FetchAgain,
            Next::Note(Note::Message { kind, seq, data }) => take_in(board, kind, seq, &data),
            Next::Quiet => {
                if fetch_counts(board).await.is_err() {
                    break End::FetchAgain;
                }
                tries = match board.missing() {
                    Missing::Nothing => 0,
                    _ => (tries + 1).min(8),
                };
            }
        }
    }
}

/// What came of waiting.
enum Next {
    Note(Note),
    /// Nothing, for as long as there was patience.
    Quiet,
    /// The source is gone.
    End,
}

/// Waits for the next note, at most `patience` milliseconds where that is given. What has arrived already goes first.
async fn next(notes: &mut UnboundedReceiver<Note>, patience: Option<u32>) -> Next {
    let waiting = async {
        match (notes.try_recv(), patience) {
            (Ok(note), _) => Some(Ok(note)),
            (Err(_), None) => Some(notes.recv().await),
            (Err(_), Some(patience)) => {
                match select(notes.recv(), TimeoutFuture::new(patience)).await {
                    Either::Left((note, _)) => Some(note),
                    Either::Right(_) => None,
                }
            }
        }
    };
    match waiting.await {
        Some(Ok(note)) => Next::Note(note),
        Some(Err(_)) => Next::End,
        None => Next::Quiet,
    }
}

async fn fetch_counts(board: Board) -> Result<(), NoAnswer> {
    let overview = client::queue::overview().await?;
    let streams = client::streams::all().await?;
    board.load_counts(overview, streams);
    Ok(())
}

/// Takes in one message. What this page cannot read, as a newer server may send it, makes it fetch instead.
fn take_in(board: Board, kind: &str, seq: Option<i64>, data: &str) {
    match serde_json::from_str::<Event>(data) {
        Ok(event) => board.apply(&event),
        Err(_) => board.skip(seq, Missing::after(kind)),
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
