use sparkq_core::Worker;
use sparkq_core::wire::{Claimed, Released};
use sparkq_store::{Done, Read, ReleaseTask, ReleasedBy, RequestKey};

use super::{Answer, Queue};

impl Queue {
    /// Undoes the claim that was asked for with this key, for whoever made it. Says whether its task is queued again; it
    /// is not where it is over, or another's by now.
    pub(crate) async fn release_claim(&self, worker: Worker, key: RequestKey) -> Answer<Released> {
        let asked = key.clone();
        let look = move |store: &dyn Read| {
            let Some(handed) = store.answered(&asked)? else {
                return Ok(Err(false));
            };
            match handed.first() {
                Some(id) => store.task(id.as_str()).map(Ok),
                // It has been given back by an earlier request.
                None => Ok(Err(true)),
            }
        };
        let found = self.access.read(look).await?;
        let record = match found.value {
            Ok(record) => record,
            Err(released) => {
                return Ok(Done {
                    value: Released { released },
                    seq: found.seq,
                });
            }
        };
        let now = self.now();
        let release = ReleaseTask {
            task: record.task.id,
            worker,
            claimed_at: record.task.started_at.unwrap_or(now),
            request: Some(key),
            by: ReleasedBy::Worker,
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

    /// What undoes a claim that was asked for with this key, and whose answer could not be handed over.
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
            by: ReleasedBy::Server,
            now,
        }
    }
}
