use sparkq_core::wire::Claimed;
use sparkq_core::{StreamId, Worker};
use sparkq_store::ReleaseTask;

use super::{Answer, Queue};

impl Queue {
    /// Undoes a claim of `worker`'s that nobody has read. Gives the task's stream; none where the task is somebody
    /// else's by now.
    pub(crate) async fn release(
        &self,
        claimed: &Claimed,
        worker: Worker,
    ) -> Answer<Option<StreamId>> {
        let now = self.now();
        let release = ReleaseTask {
            task: claimed.id.clone(),
            worker,
            claimed_at: claimed.started_at.unwrap_or(now),
            request: None,
            now,
        };
        self.access.write(release).await
    }
}
