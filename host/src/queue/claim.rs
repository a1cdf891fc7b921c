use sparkq_core::Worker;
use sparkq_core::wire::Claimed;
use sparkq_store::{ClaimTask, Done};

use super::{Answer, Queue};

impl Queue {
    /// Hands the oldest queued task of `stream` to `worker`; none when nothing is queued.
    pub(crate) async fn claim(&self, stream: String, worker: Worker) -> Answer<Option<Claimed>> {
        if self.access.is_file() {
            // A look costs no lock; a claim that finds nothing would take the one write lock there is.
            let next = self.peek(stream.clone()).await?;
            if next.value.is_none() {
                return Ok(Done {
                    value: None,
                    seq: next.seq,
                });
            }
        }
        self.access
            .write(ClaimTask {
                stream,
                worker,
                now: self.now(),
            })
            .await
    }

    /// The task that a claim would hand out.
    pub(crate) async fn peek(&self, stream: String) -> Answer<Option<Claimed>> {
        self.access.read(move |store| store.peek(&stream)).await
    }
}
