//! How a connection waits for its turn while another has the file, and lets a busy server know that it waits to write.

use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::Fault;

/// How many times a locked database is tried again: 30 s at about 0.75 ms each. A large batch is one
/// transaction, and others have to wait for it.
const RETRIES: i32 = 40_000;

/// How many of them come soon, while the sign is shown: those of about 0.2 s. A server has let the writer in by then.
const SOON: i32 = 1_000;

/// Shows that somebody waits, for as long as the file lives that it gives: a lock is held on it. None when the sign
/// cannot be shown at this moment, which is no reason not to wait.
pub type Sign = Box<dyn Fn() -> Option<File> + Send>;

/// What a connection and its busy handler share.
#[derive(Default, Clone)]
pub(super) struct Turn(Arc<Mutex<Wait>>);

#[derive(Default)]
struct Wait {
    sign: Option<Sign>,
    /// Whether what waits is about to write.
    writes: bool,
    shown: Option<File>,
}

impl Turn {
    /// Makes `conn` wait for another's lock. Comes first, because even looking at a file may need one.
    pub(super) fn of(conn: &mut Connection) -> Result<Self, Fault> {
        let turn = Self::default();
        let own = turn.clone();
        let again = move |tries| {
            let shown = own.wait().once_more();
            let jitter = RandomState::new().hash_one(tries);
            thread::sleep(pause(tries, shown, jitter));
            tries < RETRIES
        };
        conn.busy_handler(Some(again))?;
        Ok(turn)
    }

    /// Has `sign` shown by who waits to write.
    pub(super) fn show(&self, sign: Sign) {
        self.wait().sign = Some(sign);
    }

    /// Runs `begin`, which begins a transaction that writes. If it has to wait the sign is shown until it is over.
    pub(super) fn take<T>(&self, begin: impl FnOnce() -> T) -> T {
        self.wait().writes = true;
        let done = begin();
        self.wait().end();
        done
    }

    fn wait(&self) -> MutexGuard<'_, Wait> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wait {
    /// Shows the sign before another try, and tells whether it is shown. Whoever looks for it is in its way for a
    /// moment, so it is tried each time.
    fn once_more(&mut self) -> bool {
        if let (true, None, Some(sign)) = (self.writes, &self.shown, &self.sign) {
            self.shown = sign();
        }
        self.shown.is_some()
    }

    fn end(&mut self) {
        self.writes = false;
        self.shown = None;
    }
}

/// How long to wait before the next try. SQLite's own handler backs off so far that a command beside a busy server
/// starves; and where the server rests for whoever shows a sign, a try falls into that rest.
fn pause(tries: i32, shown: bool, jitter: u64) -> Duration {
    let micros = if shown && tries < SOON {
        100 + jitter % 150
    } else {
        500 + jitter % 500
    };
    Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// A sign that nobody sees the first `unseen` times; and how often it was asked for.
    fn sign(unseen: u32) -> (Sign, Arc<AtomicU32>) {
        let asked = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&asked);
        let sign = move || {
            let before = count.fetch_add(1, Ordering::Relaxed);
            (before >= unseen).then(|| tempfile::tempfile().expect("a file"))
        };
        (Box::new(sign), asked)
    }

    proptest! {
        #[test]
        fn who_waits_to_write_shows_a_sign_from_the_first_retry_until_the_turn_has_come(
            tries in 0_u32..12, unseen in 0_u32..12,
        ) {
            let turn = Turn::default();
            let (sign, asked) = sign(unseen);
            turn.show(sign);
            turn.wait().once_more();
            prop_assert!(turn.wait().shown.is_none(), "who only reads shows none");
            turn.take(|| {
                for _ in 0..tries {
                    turn.wait().once_more();
                }
                assert_eq!(turn.wait().shown.is_some(), tries > unseen);
            });
            // What is shown stays, and whoever is let in at once shows nothing.
            prop_assert_eq!(asked.load(Ordering::Relaxed), tries.min(unseen + 1));
            prop_assert!(turn.wait().shown.is_none());
        }
    }

    proptest! {
        #[test]
        fn a_writer_tries_within_the_rest_of_a_server_but_not_for_ever(
            tries in 0..SOON, later in SOON..RETRIES, jitter: u64,
        ) {
            let micros = |tries, shown| pause(tries, shown, jitter).as_micros();
            prop_assert!((100..250).contains(&micros(tries, true)));
            for calm in [micros(tries, false), micros(later, true), micros(later, false)] {
                prop_assert!((500..1000).contains(&calm));
            }
        }
    }

    #[test]
    fn a_write_beside_another_shows_its_sign_and_goes_on_when_the_other_is_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || Connection::open(folder.path().join("q.db")).expect("a database");
        let (mut conn, other) = (open(), open());
        let turn = Turn::of(&mut conn).expect("set");
        other.execute_batch("BEGIN IMMEDIATE").expect("begun");
        turn.show(Box::new(move || {
            other.execute_batch("COMMIT").expect("committed");
            Some(tempfile::tempfile().expect("a file"))
        }));
        turn.take(|| conn.execute_batch("BEGIN IMMEDIATE"))
            .expect("its turn");
        assert!(turn.wait().shown.is_none());
    }
}
