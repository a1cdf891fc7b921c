//! However often something is asked for, it is done at most once a second, and once more after it was last asked for.

use std::time::Duration;

use leptos::prelude::*;

use crate::clock;

/// The least time between two times, in milliseconds.
const BREATH: i64 = 1000;

/// How long the first one waits for those that come with it, in milliseconds: a reload tells of several changes.
const MOMENT: i64 = 100;

/// A pace; a handle, free to copy. It ends with whoever made it.
#[derive(Clone, Copy)]
pub(crate) struct Pace(StoredValue<Turn>);

impl Pace {
    /// Begins one.
    pub(crate) fn begin() -> Self {
        Self(StoredValue::new(Turn::default()))
    }

    /// Has `act` done soon, unless it is about to be done anyway.
    pub(crate) fn soon(self, act: impl FnOnce() + 'static) {
        let asked = self
            .0
            .try_update_value(|turn| turn.ask(clock::read().as_millis()));
        let Some(wait) = asked.flatten() else {
            return;
        };
        let done = move || {
            let is_there = self
                .0
                .try_update_value(|turn| turn.come(clock::read().as_millis()));
            if is_there.is_some() {
                act();
            }
        };
        set_timeout(done, Duration::from_millis(wait));
    }
}

/// When it was done last, and whether it is about to be; plain data, times in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
struct Turn {
    is_due: bool,
    done_at: Option<i64>,
}

impl Turn {
    /// Returns how long to wait until it is done; none when somebody waits for that already.
    fn ask(&mut self, now: i64) -> Option<u64> {
        if self.is_due {
            return None;
        }
        self.is_due = true;
        let rest = self.done_at.map_or(0, |at| at + BREATH - now);
        // Whoever sets the clock back does not wait for longer.
        Some(rest.clamp(MOMENT, BREATH).unsigned_abs())
    }

    /// Notes that it is being done.
    fn come(&mut self, now: i64) {
        *self = Self {
            is_due: false,
            done_at: Some(now),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_wishes_in_a_burst_are_done_once_a_second_and_after_the_last() {
        let mut turn = Turn::default();
        let (mut due, mut done) = (None, Vec::new());
        for now in (0..3000).step_by(3) {
            if due.is_some_and(|due| due <= now) {
                turn.come(now);
                done.push(now);
                due = None;
            }
            if let Some(wait) = turn.ask(now) {
                due = Some(now + wait.cast_signed());
            }
        }
        assert_eq!(done, [102, 1104, 2106]);
        assert_eq!(due, Some(3106), "the last wish is not forgotten");
    }

    #[test]
    fn who_comes_after_a_rest_hardly_waits_and_a_clock_set_back_holds_nobody_up() {
        let mut turn = Turn::default();
        assert_eq!(turn.ask(5000), Some(100));
        turn.come(5100);
        assert_eq!(turn.ask(90_000), Some(100));
        turn.come(90_100);
        assert_eq!(turn.ask(7), Some(1000));
    }
}
