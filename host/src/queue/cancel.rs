use sparkq_core::wire::{Cancel, Task};
use sparkq_core::{Refusal, Worker, limits};
use sparkq_store::{CancelTask, RequestKey};

use super::{Answer, Queue};

impl Queue {
    /// Takes a queued task out of the queue.
    pub(crate) async fn cancel(
        &self,
        task: String,
        cancel: Cancel,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Task> {
        let reason = cancel.reason.unwrap_or_default();
        Refusal::check_size("reason", reason.len(), limits::ERROR)?;
        self.access
            .write(CancelTask {
                task,
                reason,
                request,
                actor,
                now: self.now(),
            })
            .await
    }
}
