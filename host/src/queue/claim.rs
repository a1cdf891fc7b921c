use sparkq_core::wire::Claimed;
use sparkq_core::{Refusal, limits};
use sparkq_store::{ClaimTask, Done};

use super::{Answer, Queue};

impl Queue {
    /// Hands the oldest queued task of `stream` to `worker`; none when nothing is queued.
    pub(crate) async fn claim(&self, stream: String, worker: String) -> Answer<Option<Claimed>> {
        if worker.trim().is_empty() {
            return Err(
                Refusal::invalid("worker", worker, "blank; name who will do the task").into(),
            );
        }
        Refusal::check_size("worker", worker.len(), limits::WORKER)?;
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
