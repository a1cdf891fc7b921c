use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// How much longer each wrong token is answered than the one before.
const STEP: Duration = Duration::from_millis(100);

/// The longest that one of them takes.
const LONGEST: Duration = Duration::from_secs(2);

/// The longest that anybody waits in the line, so that a slip of the hand is answered too while somebody guesses.
const LONGEST_LINE: Duration = Duration::from_secs(10);

/// How long a wrong token is remembered once no other has come.
const REMEMBERED: Duration = Duration::from_mins(1);

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
}

impl Guesses {
    /// Holds back the answer to a wrong token, unless the server is about to end.
    pub(in crate::api) async fn hold_back(&self, mut stopping: watch::Receiver<bool>) {
        let turn = self.turn(Instant::now());
        tokio::select! {
            () = tokio::time::sleep_until(turn.into()) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    }

    /// When a wrong token is answered that comes `now`.
    fn turn(&self, now: Instant) -> Instant {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = wrong.filter(|wrong| now.saturating_duration_since(wrong.last) < REMEMBERED);
        let count = before.map_or(0, |wrong| wrong.count);
        let begin = before.map_or(now, |wrong| wrong.end.max(now));
        let end = (begin + (STEP * count).min(LONGEST)).min(now + LONGEST_LINE);
        *wrong = Some(Wrong {
            // More would make no difference.
            count: count.saturating_add(1).min(1000),
            last: now,
            end,
        });
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tokens_are_answered_more_and_more_slowly_but_never_slow_and_forgotten() {
        let (guesses, mut now) = (Guesses::default(), Instant::now());
        for count in 0..50 {
            let turn = guesses.turn(now);
            assert_eq!(turn - now, (STEP * count).min(LONGEST));
            now = turn;
        }
        now += REMEMBERED;
        assert_eq!(guesses.turn(now), now);
        assert_eq!(guesses.turn(now), now + STEP);
    }

    #[test]
    fn many_at_once_are_answered_one_after_the_other_and_nobody_waits_for_ever() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let turns = [0, 1, 3, 6, 10];
        for steps in turns {
            assert_eq!(guesses.turn(now), now + STEP * steps);
        }
        for _ in 0..5000 {
            assert!(guesses.turn(now) <= now + LONGEST_LINE);
        }
        assert_eq!(guesses.turn(now), now + LONGEST_LINE);
    }
}
