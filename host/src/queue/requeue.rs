use serde::{Deserialize, Serialize};
use sparkq_core::wire::{BulkRequeue, Enqueue, Refused, Requeue, Requeued};
use sparkq_core::{Code, Refusal, TaskId, Worker};
use sparkq_store::{Done, NoteRequest, Queued, RequestKey, RequeueTask};

use super::{Answer, Error, Queue};

/// The most tasks that one request requeues.
const AT_ONCE: u32 = 1000;

/// How far the requeue of many has come that a key stands for.
#[derive(Debug, Serialize, Deserialize)]
enum Progress {
    /// These were meant when it was agreed to.
    Meant(Vec<TaskId>),
    /// It is done.
    Over(Requeued),
}

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
    /// to; more than that is refused. Asked again with its key it goes on with those that were meant, each of which has a
    /// key of its own.
    pub(crate) async fn requeue_all(
        &self,
        bulk: BulkRequeue,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Requeued> {
        if let Some(key) = request.clone().filter(|_| !bulk.dry_run) {
            let earlier = self.access.read(move |store| store.noted(&key)).await?;
            match earlier.value.as_deref().map(serde_json::from_str) {
                Some(Ok(Progress::Over(requeued))) => {
                    return Ok(Done {
                        value: requeued,
                        seq: earlier.seq,
                    });
                }
                Some(Ok(Progress::Meant(ids))) => {
                    return self
                        .requeue_each(ids, bulk.stream_id, actor, request, earlier.seq)
                        .await;
                }
                Some(Err(error)) => {
                    return Err(Error::Internal(format!(
                        "what was noted of a request cannot be read: {error}"
                    )));
                }
                None => {}
            }
        }
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
        self.note(request.as_ref(), || Progress::Meant(found.value.clone()))
            .await?;
        self.requeue_each(found.value, bulk.stream_id, actor, request, found.seq)
            .await
    }

    async fn requeue_each(
        &self,
        meant: Vec<TaskId>,
        stream: Option<String>,
        actor: Worker,
        request: Option<RequestKey>,
        mut seq: i64,
    ) -> Answer<Requeued> {
        let mut requeued = Requeued::default();
        for id in meant {
            let requeue = Requeue {
                stream_id: stream.clone(),
                ..Requeue::default()
            };
            // No caller's key has a space in it.
            let own = request.as_ref().map(|key| RequestKey {
                id: format!("{} {id}", key.id),
                digest: key.digest.clone(),
            });
            match self
                .requeue(id.to_string(), requeue, actor.clone(), own)
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
        self.note(request.as_ref(), || Progress::Over(requeued.clone()))
            .await?;
        Ok(Done {
            value: requeued,
            seq,
        })
    }

    async fn note(
        &self,
        request: Option<&RequestKey>,
        progress: impl FnOnce() -> Progress,
    ) -> Result<(), Error> {
        let Some(key) = request else { return Ok(()) };
        let text = serde_json::to_string(&progress())
            .map_err(|error| Error::Internal(format!("a note cannot be written: {error}")))?;
        let note = NoteRequest {
            request: key.clone(),
            text,
            now: self.now(),
        };
        self.access.write(note).await.map(|_| ())
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use sparkq_core::Time;
    use sparkq_store::EnqueueTask;
    use sparkq_store::sqlite::SqliteStore;
    use sparkq_store::write_one;

    use super::*;
    use crate::config::Project;
    use crate::queue::{Access, testing};

    #[test]
    fn a_requeue_of_many_that_was_cut_off_goes_on_with_those_that_were_meant() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store =
            SqliteStore::create(&folder.path().join("q.db"), crate::entropy()).expect("made");
        let now = Time::from_millis(1);
        let id = testing::queue_one(&mut store, now);
        testing::complete_one(&mut store, &id, now);
        let key = |id: String| RequestKey {
            id,
            digest: "d".to_owned(),
        };
        let done = RequeueTask {
            task: id.to_string(),
            force: true,
            clone: EnqueueTask {
                request: Some(key(format!("k {id}"))),
                ..testing::task(now)
            },
        };
        let clone = write_one(&mut store, done).expect("queued").value.task.id;
        let note = NoteRequest {
            request: key("k".to_owned()),
            text: serde_json::to_string(&Progress::Meant(vec![id])).expect("JSON"),
            now,
        };
        write_one(&mut store, note).expect("noted");
        let project = Project::of("", &folder.path().join("sparkq.toml")).expect("a project");
        let queue = Queue::new(project, Access::File(Mutex::new(store)), crate::now);
        for _ in 0..2 {
            let bulk = BulkRequeue {
                count: Some(1),
                ..BulkRequeue::default()
            };
            let again = queue.requeue_all(
                bulk,
                "w".parse().expect("a name"),
                Some(key("k".to_owned())),
            );
            let again = pollster::block_on(again).expect("no refusal").value;
            assert_eq!((again.count, again.ids), (1, vec![clone.clone()]));
        }
    }
}
