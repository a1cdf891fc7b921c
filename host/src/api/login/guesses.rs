use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How much longer everybody waits after each wrong token.
const STEP: Duration = Duration::from_millis(100);

/// The longest that anybody waits, so that whoever guesses keeps nobody out.
const LONGEST: Duration = Duration::from_secs(2);

/// How long a wrong token is remembered once no other has come.
const REMEMBERED: Duration = Duration::from_mins(1);

/// Slows those who guess the token. A sign-in waits before it is looked at, so that hanging up early tells nothing.
#[derive(Debug, Default)]
pub(in crate::api) struct Guesses(Mutex<Option<Wrong>>);

#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    last: Instant,
}

impl Guesses {
    /// How long a sign-in waits that comes `now`.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let wrong = recent(*self.wrong(), now);
        (STEP * wrong.map_or(0, |wrong| wrong.count)).min(LONGEST)
    }

    /// A wrong token came `now`.
    pub(super) fn was_wrong(&self, now: Instant) {
        let mut wrong = self.wrong();
        let before = recent(*wrong, now).map_or(0, |wrong| wrong.count);
        *wrong = Some(Wrong {
            // More would make no difference.
            count: before.saturating_add(1).min(1000),
            last: now,
        });
    }

    fn wrong(&self) -> MutexGuard<'_, Option<Wrong>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn recent(wrong: Option<Wrong>, now: Instant) -> Option<Wrong> {
    wrong.filter(|wrong| now.saturating_duration_since(wrong.last) < REMEMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_becomes_slower_for_all_but_never_slow_and_is_forgotten() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        assert_eq!(guesses.wait(now), Duration::ZERO);
        guesses.was_wrong(now);
        assert_eq!(guesses.wait(now), STEP);
        for _ in 0..5000 {
            guesses.was_wrong(now);
        }
        assert_eq!(guesses.wait(now), LONGEST);
        assert_eq!(guesses.wait(now + REMEMBERED), Duration::ZERO);
        guesses.was_wrong(now + REMEMBERED);
        assert_eq!(guesses.wait(now + REMEMBERED), STEP);
    }
}
