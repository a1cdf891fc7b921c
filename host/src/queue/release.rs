use sparkq_core::wire::Claimed;
use sparkq_core::{StreamId, Worker};
use sparkq_store::{ReleaseTask, RequestKey};

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
