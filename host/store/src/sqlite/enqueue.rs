use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, named_params};
use serde_json::json;
use sparkq_core::wire::{EventKind, Stream, Task};
use sparkq_core::{Refusal, Status, StreamId, TaskId};

use super::event::NewEvent;
use super::rows::task_columns;
use super::{Run, Tx, lookup, requests, rows};
use crate::error::Error;
use crate::request::{BatchQueued, EnqueueTask, EnqueueTasks, Queued};

impl Run for EnqueueTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Queued, Error> {
        if let Some(queued) = self.answered(tx)? {
            return Ok(queued);
        }
        let stream = lookup::active_stream(tx.conn, &self.stream)?;
        insert(tx, self, &stream, None)
    }
}

/// Puts the task into the stream, which this transaction has found active, as a clone of `requeued_from` if there is one, unless it has a live twin there.
pub(super) fn insert(
    tx: &Tx<'_>,
    new: &EnqueueTask,
    stream: &Stream,
    requeued_from: Option<&TaskId>,
) -> Result<Queued, Error> {
    if let Some(task) = new.live_twin(tx, &stream.id)? {
        tx.remember(new.request.as_ref(), &[task.id.as_str()], new.now)?;
        return Ok(Queued {
            task,
            existed: true,
        });
    }
    let id = tx.unused(
        "SELECT 1 FROM tasks WHERE id = ?1",
        TaskId::from_entropy,
        TaskId::as_str,
    )?;
    let mut insert = tx.sql(include_str!("enqueue.sql"))?;
    let values = named_params! {
        ":id": id.as_str(),
        ":stream": stream.id.as_str(),
        ":tool": new.tool,
        ":plugin": new.plugin,
        ":class": new.class.as_str(),
        ":payload": new.payload.as_str(),
        ":label": new.label,
        ":dedupe_key": new.dedupe_key,
        ":timeout": new.timeout.seconds(),
        ":requeued_from": requeued_from.map(TaskId::as_str),
        ":request_id": new.request.as_ref().map(|key| &key.id),
        ":now": new.now.as_millis(),
    };
    insert.execute(values)?;
    tx.count(&stream.id, None, Some(Status::Queued))?;
    let task = new.as_kept(tx.conn.last_insert_rowid(), id, stream, requeued_from);
    tx.remember(new.request.as_ref(), &[task.id.as_str()], new.now)?;
    tx.tell(NewEvent {
        at: new.now,
        kind: EventKind::TaskEnqueued,
        actor: new.actor.as_str(),
        session: Some(&stream.session_id),
        stream: Some(&stream.id),
        task: Some((&task.id, Some(task.seq))),
        data: requeued_from.map(|id| json!({ "requeued_from": id.as_str() }).to_string()),
    })?;
    Ok(Queued {
        task,
        existed: false,
    })
}

impl EnqueueTask {
    /// What an earlier request with the same key came to.
    pub(super) fn answered(&self, tx: &Tx<'_>) -> Result<Option<Queued>, Error> {
        let key = self.request.as_ref();
        key.map_or(Ok(None), |key| requests::queued(tx.conn, key))
    }

    /// The row that was just written.
    fn as_kept(
        &self,
        seq: i64,
        id: TaskId,
        stream: &Stream,
        requeued_from: Option<&TaskId>,
    ) -> Task {
        Task {
            seq,
            id,
            stream_id: stream.id.clone(),
            stream_name: stream.name.clone(),
            tool_name: self.tool.clone(),
            plugin: self.plugin.clone(),
            task_class: self.class.clone(),
            payload: self.payload.clone(),
            label: self.label.clone(),
            dedupe_key: self.dedupe_key.clone(),
            status: Status::Queued,
            stale: false,
            timeout: self.timeout,
            attempts: 0,
            worker: None,
            result: None,
            error: None,
            requeued_from: requeued_from.cloned(),
            created_at: self.now,
            updated_at: self.now,
            started_at: None,
            finished_at: None,
        }
    }

    /// The queued or running task of the same stream that has the same dedupe key.
    fn live_twin(&self, tx: &Tx<'_>, stream: &StreamId) -> rusqlite::Result<Option<Task>> {
        let Some(key) = &self.dedupe_key else {
            return Ok(None);
        };
        let mut select = tx.sql(concat!(
            "SELECT ",
            task_columns!(),
            " FROM tasks WHERE stream_id = ?1 AND dedupe_key = ?2 AND status IN ('queued', 'running')"
        ))?;
        select
            .query_row((stream.as_str(), key), rows::task)
            .optional()
    }
}

impl Run for EnqueueTasks {
    fn run(&self, tx: &Tx<'_>) -> Result<BatchQueued, Error> {
        if let Some(ids) = tx.answered(self.request.as_ref())? {
            let streams = Vec::new();
            return Ok(BatchQueued { ids, streams });
        }
        let mut streams = BTreeSet::new();
        let mut enqueue = |(index, task): (usize, &EnqueueTask)| {
            task.run(tx)
                .map(|queued| {
                    streams.insert(queued.task.stream_id);
                    queued.task.id
                })
                .map_err(|error| match error {
                    Error::Refusal(refusal) => Refusal::Batch {
                        line: index + 1,
                        refusal: Box::new(refusal),
                    }
                    .into(),
                    fault @ Error::Fault(_) => fault,
                })
        };
        let tasks = self.tasks.iter().enumerate();
        let ids: Vec<_> = tasks.map(&mut enqueue).collect::<Result<_, Error>>()?;
        if let Some(first) = self.tasks.first() {
            let ids: Vec<_> = ids.iter().map(TaskId::as_str).collect();
            tx.remember(self.request.as_ref(), &ids, first.now)?;
        }
        Ok(BatchQueued {
            ids,
            streams: streams.into_iter().collect(),
        })
    }
}
