use sparkq_core::wire::{Claimed, Released};
use sparkq_core::{StreamId, Worker};
use sparkq_store::{Done, Read, ReleaseTask, RequestKey};

use super::{Answer, Queue};

impl Queue {
    /// Undoes a claim of `worker`'s that nobody has read. Gives the task's stream; none where the task is somebody
    /// else's by now.
    pub(crate) async fn release(
        &self,
        claimed: &Claimed,
        worker: Worker,
    ) -> Answer<Option<StreamId>> {
        let release = self.release_of(claimed, worker, None);
        self.access.write(release).await
    }

    /// Undoes the claim that was asked for with this key, when nobody has read its answer. Says whether its task is queued
    /// again; it is not where another answer has reached its worker, or where the task is over.
    pub(crate) async fn release_claim(&self, worker: Worker, key: RequestKey) -> Answer<Released> {
        let asked = key.clone();
        let look = move |store: &dyn Read| {
            let handed = store.answered(&asked)?.unwrap_or_default();
            let task = handed.first().map(|id| store.task(id.as_str()));
            task.transpose()
        };
        let found = self.access.read(look).await?;
        let Some(record) = found.value else {
            return Ok(Done {
                value: Released { released: false },
                seq: found.seq,
            });
        };
        let now = self.now();
        let release = ReleaseTask {
            task: record.task.id,
            worker,
            claimed_at: record.task.started_at.unwrap_or(now),
            request: Some(key),
            now,
        };
        let done = self.access.write(release).await?;
        Ok(Done {
            value: Released {
                released: done.value.is_some(),
            },
            seq: done.seq,
        })
    }

    /// What undoes a claim that was asked for with this key.
    pub(super) fn release_of(
        &self,
        claimed: &Claimed,
        worker: Worker,
        request: Option<RequestKey>,
    ) -> ReleaseTask {
        let now = self.now();
        ReleaseTask {
            task: claimed.id.clone(),
            worker,
            claimed_at: claimed.started_at.unwrap_or(now),
            request,
            now,
        }
    }
}
