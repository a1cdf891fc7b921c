//! When a request that was lost on the way is sent again, and when no more.

use std::time::{Duration, Instant};

/// How long a server that is away is looked for again, from when it was first missed: longer than a restart takes.
const PERSISTENCE: Duration = Duration::from_secs(5);

/// How long between two tries, at first and at most.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The tries of one request.
#[derive(Debug)]
pub(super) struct Tries {
    wait: Option<Instant>,
    missed: Option<Instant>,
    pause: Duration,
}

impl Tries {
    /// The tries of a request that waits until a moment, or of one that does not wait.
    pub(super) fn of(wait: Option<Instant>) -> Self {
        Self {
            wait,
            missed: None,
            pause: PAUSE,
        }
    }

    /// How long to rest before the next try, where this one was lost `now`; none where it was the last. A wait goes on
    /// to its end where somebody was `reached`: whoever never answered may not be there at all.
    pub(super) fn rest(&mut self, now: Instant, reached: bool) -> Option<Duration> {
        let end = *self.missed.get_or_insert(now) + PERSISTENCE;
        let end = match self.wait {
            Some(wait) if reached => end.max(wait),
            _ => end,
        };
        let rest = self.pause;
        self.pause = (rest * 2).min(LONGEST_PAUSE);
        (now + rest <= end).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_server_is_looked_for_from_when_it_was_missed_however_long_the_request_took_by_then() {
        let lost = Instant::now() + MINUTE;
        let mut tries = Tries::of(None);
        assert_eq!(tries.rest(lost, true), Some(PAUSE));
        assert_eq!(tries.rest(lost + PERSISTENCE / 2, true), Some(2 * PAUSE));
        assert_eq!(tries.rest(lost + PERSISTENCE, true), None);
    }

    #[test]
    fn a_wait_goes_on_to_its_end_also_where_its_first_request_was_lost() {
        let start = Instant::now();
        let mut tries = Tries::of(Some(start + 9 * MINUTE));
        let mut now = start + MINUTE;
        while let Some(rest) = tries.rest(now, true) {
            assert!(rest <= LONGEST_PAUSE);
            now += rest;
        }
        assert!(
            now + 2 * LONGEST_PAUSE > start + 9 * MINUTE,
            "it gave up after {:?}",
            now - start
        );
    }

    #[test]
    fn a_wait_that_is_nearly_over_looks_as_long_as_any_request() {
        let now = Instant::now();
        let mut tries = Tries::of(Some(now + PAUSE));
        assert!(tries.rest(now, true).is_some());
        assert!(tries.rest(now + PERSISTENCE / 2, true).is_some());
    }

    #[test]
    fn who_never_answered_is_not_waited_for_as_long() {
        let now = Instant::now();
        let mut tries = Tries::of(Some(now + 9 * MINUTE));
        assert!(tries.rest(now, false).is_some());
        assert_eq!(tries.rest(now + PERSISTENCE, false), None);
    }
}
