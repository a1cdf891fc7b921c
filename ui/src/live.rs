//! Keeps the board up to date: fetches once, then follows the event stream, which the visible tabs of a browser share.
//!
//! Fetches again only when the server says `reset`, or when the log no longer fits what is held; and the same thing never
//! more than once a second, as do the pages that fetch something of their own (`pace.rs`).

mod agenda;
mod channel;
mod driver;
mod fetch;
mod lock;
mod presence;
mod sharing;
mod source;
mod word;

use futures_channel::mpsc::{UnboundedSender, unbounded};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::driver::Driver;
use self::source::Note;
use crate::board::Board;

/// Lets a page ask for another try at once.
#[derive(Clone)]
pub(crate) struct Retry(UnboundedSender<Input>);

impl Retry {
    /// The one that was provided above.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Tries again without waiting for the backoff to end.
    pub(crate) fn now(&self) {
        // Nobody listens only when the page is going away.
        let _ = self.0.unbounded_send(Input::Retry);
    }
}

/// What reaches the driver from outside. Connections and requests for the lock are numbered, so that what an old one has to
/// say is not taken for the new one's.
enum Input {
    /// This tab's own connection has something to say.
    Note(u32, Note),
    /// Another tab has said something.
    Heard(String),
    /// The lock is this tab's.
    Granted(u32),
    /// The lock is no longer this tab's.
    Robbed(u32),
    /// The tab is in sight, or the machine is back on a network.
    Shown,
    /// The tab is out of sight.
    Hidden,
    /// The tab is being left.
    Left,
    /// A person asks for another try.
    Retry,
}

/// Starts to feed `board`, for as long as the page is there.
pub(crate) fn start(board: Board) -> Retry {
    let (sender, inbox) = unbounded();
    presence::watch(&sender);
    spawn_local(Driver::new(board, sender.clone(), inbox).run());
    Retry(sender)
}
