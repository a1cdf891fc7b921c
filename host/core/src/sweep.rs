//! When overdue tasks may be failed: not right after the machine has slept, because their workers slept too.

use crate::time::Time;

/// A gap between two sweeps that nothing but a sleeping machine explains, in milliseconds.
const SLEPT: i64 = 30_000;

/// How long workers have after a sleep, in milliseconds.
const GRACE: i64 = 60_000;

/// The sweeps of one server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sweeps {
    last: Option<Time>,
    not_before: Option<Time>,
}

impl Sweeps {
    /// Notes a sweep at `now`, and says whether it may fail what is overdue.
    pub fn may_expire(&mut self, now: Time) -> bool {
        let slept = self.last.is_some_and(|last| now.since(last) > SLEPT);
        self.last = Some(now);
        if slept {
            self.not_before = Some(Time::from_millis(now.as_millis() + GRACE));
        }
        self.not_before.is_none_or(|moment| now >= moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweeps(seconds: &[i64]) -> Vec<bool> {
        let mut sweeps = Sweeps::default();
        let at = |second: &i64| Time::from_millis(second * 1000);
        seconds
            .iter()
            .map(|second| sweeps.may_expire(at(second)))
            .collect()
    }

    #[test]
    fn a_sweep_in_time_may_expire_and_so_may_the_first() {
        assert_eq!(sweeps(&[0, 1, 2, 32]), [true, true, true, true]);
    }

    #[test]
    fn after_a_sleep_workers_have_a_minute() {
        let seen = sweeps(&[0, 100, 101, 129, 159, 160, 161]);
        assert_eq!(seen, [true, false, false, false, false, true, true]);
    }

    #[test]
    fn a_second_sleep_starts_the_minute_anew_and_a_clock_set_back_does_not() {
        assert_eq!(
            sweeps(&[0, 100, 150, 200, 229, 259, 260]),
            [true, false, false, false, false, false, true]
        );
        assert_eq!(sweeps(&[1000, 10, 11]), [true, true, true]);
    }
}
