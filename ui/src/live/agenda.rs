//! What the driver has to do, and when; plain data.

/// How many duties there are.
const DUTIES: usize = 6;

/// Something to be done at its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// Let go of everything: the tab has been out of sight for a while.
    Sleep,
    /// Fetch everything.
    Fetch,
    /// Fetch counts and streams.
    Counts,
    /// Connect to the server.
    Connect,
    /// Look whether the connection is still there: nothing has come for long.
    Check,
    /// Take the lead from a tab that does not answer.
    Steal,
}

impl Duty {
    const ALL: [Self; DUTIES] = [
        Self::Sleep,
        Self::Fetch,
        Self::Counts,
        Self::Connect,
        Self::Check,
        Self::Steal,
    ];
}

/// Each duty with its time, in milliseconds since 1970.
#[derive(Debug, Default)]
pub(super) struct Agenda([Option<i64>; DUTIES]);

impl Agenda {
    /// Has `duty` done at `at`, and not at the time it had before.
    pub(super) fn set(&mut self, duty: Duty, at: i64) {
        self.0[duty as usize] = Some(at);
    }

    /// Has `duty` done at `at`, or at the time it has if that is sooner.
    pub(super) fn by(&mut self, duty: Duty, at: i64) {
        let sooner = self.0[duty as usize].map_or(at, |had| had.min(at));
        self.set(duty, sooner);
    }

    /// Strikes `duty` out.
    pub(super) fn clear(&mut self, duty: Duty) {
        self.0[duty as usize] = None;
    }

    /// Whether `duty` is to be done.
    pub(super) fn has(&self, duty: Duty) -> bool {
        self.0[duty as usize].is_some()
    }

    /// How long there is nothing to do; none when there is nothing at all.
    pub(super) fn rest(&self, now: i64) -> Option<i64> {
        let next = self.0.iter().flatten().min()?;
        Some(next.saturating_sub(now).max(0))
    }

    /// Strikes out what is due first, and returns it.
    pub(super) fn due(&mut self, now: i64) -> Option<Duty> {
        let due = Duty::ALL.into_iter().filter_map(|duty| {
            let at = self.0[duty as usize].filter(|at| *at <= now)?;
            Some((at, duty))
        });
        let (_, duty) = due.min_by_key(|(at, _)| *at)?;
        self.clear(duty);
        Some(duty)
    }
}

/// Returns how long to wait after this many failures: half a second, doubled each time, ten seconds at most.
pub(super) fn backoff(failures: u32) -> i64 {
    (500 << failures.min(5)).min(10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_done_in_the_order_of_their_times_and_once() {
        let mut agenda = Agenda::default();
        agenda.set(Duty::Counts, 30);
        agenda.set(Duty::Check, 10);
        agenda.by(Duty::Counts, 20);
        agenda.by(Duty::Check, 40);
        agenda.set(Duty::Fetch, 5);
        agenda.clear(Duty::Fetch);
        assert_eq!(agenda.rest(4), Some(6));
        assert_eq!(agenda.due(9), None);
        assert_eq!(agenda.due(25), Some(Duty::Check));
        assert_eq!(agenda.due(25), Some(Duty::Counts));
        assert_eq!((agenda.due(25), agenda.rest(25)), (None, None));
    }

    #[test]
    fn the_wait_grows_to_ten_seconds() {
        let waits = [0, 1, 4, 5, 99].map(backoff);
        assert_eq!(waits, [500, 1000, 8000, 10_000, 10_000]);
    }
}
