use sparkq_core::wire::{BulkRequeue, Enqueue, Refused, Requeue, Requeued};
use sparkq_core::{Code, Refusal, TaskId, Worker};
use sparkq_store::{Done, Queued, RequestKey, RequeueTask};

use super::{Answer, Error, Queue};

/// The most tasks that one request requeues.
const AT_ONCE: u32 = 1000;

impl Queue {
    /// Queues a clone of a finished task, its payload checked again.
    pub(crate) async fn requeue(
        &self,
        task: String,
        requeue: Requeue,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Queued> {
        if let Some(done) = self.queued_by(request.as_ref()).await? {
            return Ok(done);
        }
        let original = self.access.read(move |store| store.task(&task)).await?;
        let original = original.value.task;
        // The same work gets the same time; other work gets what is due to it.
        let timeout = requeue
            .payload
            .is_none()
            .then(|| original.timeout.seconds());
        let new = Enqueue {
            tool_name: original.tool_name.clone(),
            payload: requeue.payload.unwrap_or(original.payload),
            stream_id: Some(
                requeue
                    .stream_id
                    .unwrap_or_else(|| original.stream_id.to_string()),
            ),
            timeout,
        };
        let mut clone = self.checked(new, actor).await?;
        clone.request = request;
        self.access
            .write(RequeueTask {
                task: original.id.to_string(),
                force: requeue.force,
                clone,
            })
            .await
    }

    /// Requeues every failed task that the filter means, or counts them. The real call names the count that was agreed
    /// to; more than that is refused.
    pub(crate) async fn requeue_all(&self, bulk: BulkRequeue, actor: Worker) -> Answer<Requeued> {
        let filter = self.filter(&bulk.filter)?;
        let found = self
            .access
            .read(move |store| store.requeueable(&filter, AT_ONCE))
            .await?;
        let count = found.value.len() as u64;
        if bulk.dry_run {
            return Ok(Done {
                value: Requeued {
                    count,
                    ..Requeued::default()
                },
                seq: found.seq,
            });
        }
        agreed(bulk.count, count)?;
        let mut seq = found.seq;
        let mut requeued = Requeued::default();
        for id in found.value {
            let requeue = Requeue {
                stream_id: bulk.stream_id.clone(),
                ..Requeue::default()
            };
            match self
                .requeue(id.to_string(), requeue, actor.clone(), None)
                .await
            {
                Ok(done) => {
                    seq = done.seq;
                    requeued.ids.push(done.value.task.id);
                }
                Err(Error::Refusal(refusal)) => requeued.refused.push(refused(id, &refusal)),
                Err(fault) => return Err(fault),
            }
        }
        requeued.count = requeued.ids.len() as u64;
        Ok(Done {
            value: requeued,
            seq,
        })
    }
}

fn refused(id: TaskId, refusal: &Refusal) -> Refused {
    Refused {
        id,
        error: refusal.to_string(),
        code: refusal.code().as_str().to_owned(),
    }
}

/// Holds a bulk act to the count that its caller agreed to.
pub(super) fn agreed(given: Option<u64>, found: u64) -> Result<(), Refusal> {
    match given {
        Some(given) if given == found => Ok(()),
        Some(given) => Err(Refusal::Http {
            code: Code::CountDiffers,
            message: format!("{found} tasks are meant now, and the request names {given}"),
        }),
        None => Err(Refusal::InvalidRequest {
            argument: "count".to_owned(),
            why: format!("is missing: {found} tasks are meant"),
        }),
    }
}
