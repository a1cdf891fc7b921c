//! What a server does of its own accord: every second it fails what is overdue, and at its start and then daily it
//! removes what is old.

use std::sync::Arc;
use std::time::Duration;

use sparkq_core::sweep::Sweeps;
use sparkq_core::{Time, Worker};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::stopped;
use crate::queue::Queue;

/// How often there is something to look after.
const TICK: Duration = Duration::from_secs(1);

/// How long a purge holds, in milliseconds: a day.
const DAILY: i64 = 24 * 60 * 60 * 1000;

/// Who acts where nobody asked.
const ACTOR: &str = "server";

/// What was done when.
#[derive(Debug, Default)]
struct Housekeeping {
    sweeps: Sweeps,
    purged: Option<Time>,
}

/// Keeps house until the server stops.
pub(super) async fn run(queue: Arc<Queue>, mut stop: watch::Receiver<bool>) {
    let mut housekeeping = Housekeeping::default();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                if housekeeping.tick(&queue).await {
                    // It may take a while, and the next sweep must not wait for it.
                    tokio::spawn(purge_until(Arc::clone(&queue), stop.clone()));
                }
            }
            () = stopped(&mut stop) => return,
        }
    }
}

/// Removes what is old, as far as it comes before the server stops.
async fn purge_until(queue: Arc<Queue>, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        () = purge(&queue) => {}
        () = stopped(&mut stop) => {}
    }
}

async fn purge(queue: &Queue) {
    let Ok(actor) = ACTOR.parse::<Worker>() else {
        return;
    };
    match queue.purge_old(actor).await {
        Ok(done) if done.value.tasks > 0 => {
            tracing::info!(tasks = done.value.tasks, "old tasks were removed");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "old tasks could not be removed"),
    }
}

impl Housekeeping {
    /// Sweeps by the queue's clock, and says whether a purge is due. What cannot be done now is tried again.
    async fn tick(&mut self, queue: &Queue) -> bool {
        let now = queue.now();
        if self.sweeps.may_expire(now)
            && let Err(error) = queue.sweep().await
        {
            tracing::error!(%error, "overdue tasks could not be failed");
        }
        let due = self.purged.is_none_or(|purged| now.since(purged) >= DAILY);
        if due {
            self.purged = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicI64, Ordering};

    use sparkq_store::sqlite::SqliteStore;

    use super::*;
    use crate::config::Project;
    use crate::queue::{Access, testing};

    /// A queue whose clock is moved by hand.
    fn queue(folder: &Path, fill: impl Fn(&mut SqliteStore), clock: fn() -> Time) -> Queue {
        let mut store = SqliteStore::create(&folder.join("q.db"), crate::entropy()).expect("made");
        fill(&mut store);
        let project = Project::of("", &folder.join("sparkq.toml")).expect("a project");
        Queue::new(project, Access::File(Mutex::new(store)), clock)
    }

    fn counts(queue: &Queue) -> (u64, u64, u64) {
        let tasks = pollster::block_on(queue.overview())
            .expect("a look")
            .value
            .tasks;
        (tasks.running, tasks.succeeded, tasks.failed)
    }

    #[test]
    fn old_tasks_are_removed_at_the_start_and_then_daily() {
        static NOW: AtomicI64 = AtomicI64::new(0);
        let folder = tempfile::tempdir().expect("a folder");
        let fill = |store: &mut SqliteStore| {
            let id = testing::queue_one(store, Time::from_millis(0));
            testing::complete_one(store, &id, Time::from_millis(0));
        };
        let queue = queue(folder.path(), fill, || {
            Time::from_millis(NOW.load(Ordering::Relaxed))
        });
        let mut housekeeping = Housekeeping::default();
        let mut left_at = |millis: i64| {
            NOW.store(millis, Ordering::Relaxed);
            if pollster::block_on(housekeeping.tick(&queue)) {
                pollster::block_on(purge(&queue));
            }
            counts(&queue).1
        };
        assert_eq!(left_at(3 * DAILY - 1), 1, "three days are kept");
        assert_eq!(left_at(3 * DAILY + 1), 1, "it was looked at a moment ago");
        assert_eq!(left_at(4 * DAILY - 2), 1);
        assert_eq!(
            left_at(4 * DAILY - 1),
            0,
            "a day later it is looked at again"
        );
    }

    #[test]
    fn a_task_is_failed_at_twice_its_timeout_and_a_minute_later_where_the_machine_has_slept() {
        static NOW: AtomicI64 = AtomicI64::new(0);
        let folder = tempfile::tempdir().expect("a folder");
        let fill = |store: &mut SqliteStore| {
            testing::queue_one(store, Time::from_millis(0));
            testing::claim_one(store, Time::from_millis(0));
        };
        let queue = queue(folder.path(), fill, || {
            Time::from_millis(NOW.load(Ordering::Relaxed))
        });
        let mut housekeeping = Housekeeping::default();
        let mut running_at = |seconds: i64| {
            NOW.store(seconds * 1000, Ordering::Relaxed);
            pollster::block_on(housekeeping.tick(&queue));
            counts(&queue).0
        };
        assert_eq!(running_at(1), 1);
        assert_eq!(running_at(3600), 1, "its worker slept too");
        assert_eq!(running_at(3630), 1);
        assert_eq!(running_at(3659), 1);
        assert_eq!(running_at(3660), 0);
    }
}
