//! Turns at running: so many calls of one plugin at a time, and whoever comes later waits.
//!
//! Each running call has an instance with memory of its own, and its deadline is on the clock: with more of them than
//! processors all of them would be late.

use std::sync::{Condvar, LazyLock, Mutex, PoisonError};
use std::thread;

use crate::sync::lock;

/// How many run at a time: one on each processor, and two on a single one, so that one that waits for the host does not
/// keep the next waiting.
static AT_A_TIME: LazyLock<usize> = LazyLock::new(|| {
    thread::available_parallelism().map_or(2, |processors| processors.get().max(2))
});

/// The turns of one plugin.
#[derive(Default)]
pub(crate) struct Turns {
    taken: Mutex<usize>,
    given_back: Condvar,
}

/// Held by a call for as long as it runs.
pub(crate) struct Turn<'a>(&'a Turns);

impl Turns {
    /// A turn, if one is free.
    pub(crate) fn take_free(&self) -> Option<Turn<'_>> {
        let mut taken = lock(&self.taken);
        (*taken < *AT_A_TIME).then(|| {
            *taken += 1;
            Turn(self)
        })
    }

    /// Waits for a turn.
    pub(crate) fn wait(&self) -> Turn<'_> {
        let full = |taken: &mut usize| *taken >= *AT_A_TIME;
        let taken = self.given_back.wait_while(lock(&self.taken), full);
        *taken.unwrap_or_else(PoisonError::into_inner) += 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.0.taken) -= 1;
        self.0.given_back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    #[test]
    fn so_many_have_a_turn_at_a_time_and_all_others_get_theirs_later() {
        let (turns, running, done) = (Turns::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 * *AT_A_TIME {
                scope.spawn(|| {
                    let _turn = turns.wait();
                    assert!(running.fetch_add(1, SeqCst) < *AT_A_TIME);
                    thread::yield_now();
                    running.fetch_sub(1, SeqCst);
                    done.fetch_add(1, SeqCst);
                });
            }
        });
        assert_eq!(done.load(SeqCst), 8 * *AT_A_TIME);
        let held: Vec<_> = std::iter::from_fn(|| turns.take_free()).collect();
        assert_eq!(held.len(), *AT_A_TIME);
        drop(held);
        assert!(turns.take_free().is_some());
    }
}
