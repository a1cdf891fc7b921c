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
            _ = ticks.tick() => housekeeping.tick(&queue).await,
            () = stopped(&mut stop) => return,
        }
    }
}

impl Housekeeping {
    /// Does what is due by the queue's clock. What cannot be done now is tried again.
    async fn tick(&mut self, queue: &Queue) {
        let now = queue.now();
        if self.sweeps.may_expire(now)
            && let Err(error) = queue.sweep().await
        {
            tracing::error!(%error, "overdue tasks could not be failed");
        }
        if self.purged.is_none_or(|purged| now.since(purged) >= DAILY) {
            self.purged = Some(now);
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
    }
}
