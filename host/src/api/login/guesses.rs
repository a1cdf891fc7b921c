use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use tokio::sync::watch;

/// How much longer each wrong token is answered than the one before.
const STEP: Duration = Duration::from_millis(100);

/// The longest that one of them takes.
const LONGEST: Duration = Duration::from_secs(2);

/// The longest that anybody waits in the line, so that a slip of the hand is answered too while somebody guesses.
const LONGEST_LINE: Duration = Duration::from_secs(10);

/// How long a wrong token is remembered once no other has come.
const REMEMBERED: Duration = Duration::from_mins(1);

/// How long the log keeps quiet about them after it has told of one.
const QUIET: Duration = Duration::from_secs(1);

/// The most of what a proxy says of its client that is logged, in characters.
const LONGEST_WORD: usize = 100;

/// Slows those who try tokens: wrong ones, at the sign-in and in requests alike, are answered one after the other. The
/// right one is answered at once, so that whoever guesses keeps nobody out; that silence means no is soon found out,
/// and what keeps the token from being guessed is its length.
#[derive(Debug, Default)]
pub(in crate::api) struct Guesses(Mutex<Option<Wrong>>);

#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    last: Instant,
    /// When the last of the line is answered.
    end: Instant,
    /// When the log has last told of one.
    told: Instant,
    /// How many have come since then.
    untold: u32,
}

/// Where a wrong token comes from.
#[derive(Debug)]
pub(in crate::api) struct Guesser {
    client: Option<SocketAddr>,
    /// Whom a proxy names; anybody can write that.
    behind: Option<String>,
}

impl Guesser {
    /// The one who sends these headers from that address.
    pub(in crate::api) fn of(client: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        let named = headers.get("x-forwarded-for");
        let named = named.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
        Self {
            client,
            behind: named.map(|name| name.chars().take(LONGEST_WORD).collect()),
        }
    }
}

impl Guesses {
    /// Logs that a wrong token came, never which, and holds its answer back, unless the server is about to end.
    pub(in crate::api) async fn hold_back(
        &self,
        guesser: Guesser,
        mut stopping: watch::Receiver<bool>,
    ) {
        let (turn, told) = self.turn(Instant::now());
        if let Some(count) = told {
            let client = guesser.client.map(tracing::field::display);
            let forwarded_for = guesser.behind.as_deref();
            tracing::warn!(client, forwarded_for, count, "a wrong token was refused");
        }
        tokio::select! {
            () = tokio::time::sleep_until(turn.into()) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    }

    /// When a wrong token is answered that comes `now`, and of how many the log is to tell, if it is its time.
    fn turn(&self, now: Instant) -> (Instant, Option<u32>) {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = wrong.filter(|wrong| now.saturating_duration_since(wrong.last) < REMEMBERED);
        let count = before.map_or(0, |wrong| wrong.count);
        let begin = before.map_or(now, |wrong| wrong.end.max(now));
        let end = (begin + (STEP * count).min(LONGEST)).min(now + LONGEST_LINE);
        let quiet = before.filter(|wrong| now.saturating_duration_since(wrong.told) < QUIET);
        let come = before.map_or(0, |wrong| wrong.untold).saturating_add(1);
        *wrong = Some(Wrong {
            // More would make no difference.
            count: count.saturating_add(1).min(1000),
            last: now,
            end,
            told: quiet.map_or(now, |wrong| wrong.told),
            untold: if quiet.is_some() { come } else { 0 },
        });
        (end, quiet.is_none().then_some(come))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tokens_are_answered_more_and_more_slowly_but_never_slow_and_forgotten() {
        let (guesses, mut now) = (Guesses::default(), Instant::now());
        for count in 0..50 {
            let (turn, _) = guesses.turn(now);
            assert_eq!(turn - now, (STEP * count).min(LONGEST));
            now = turn;
        }
        now += REMEMBERED;
        assert_eq!(guesses.turn(now).0, now);
        assert_eq!(guesses.turn(now).0, now + STEP);
    }

    #[test]
    fn many_at_once_are_answered_one_after_the_other_and_nobody_waits_for_ever() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let turns = [0, 1, 3, 6, 10];
        for steps in turns {
            assert_eq!(guesses.turn(now).0, now + STEP * steps);
        }
        for _ in 0..5000 {
            assert!(guesses.turn(now).0 <= now + LONGEST_LINE);
        }
        assert_eq!(guesses.turn(now).0, now + LONGEST_LINE);
    }

    #[test]
    fn the_log_tells_of_wrong_tokens_once_a_second_and_of_how_many() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let told = |passed| guesses.turn(now + passed).1;
        assert_eq!(told(Duration::ZERO), Some(1));
        assert_eq!(told(QUIET / 3), None);
        assert_eq!(told(QUIET / 2), None);
        assert_eq!(told(QUIET), Some(3));
        assert_eq!(told(QUIET * 3 / 2), None);
        assert_eq!(told(QUIET * 2), Some(2));
    }
}
