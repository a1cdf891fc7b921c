use rusqlite::{OptionalExtension, named_params};
use sparkq_core::wire::{EventKind, Task};
use sparkq_core::{Kind, Refusal, StreamId, TaskId};

use super::event::NewEvent;
use super::rows::task_columns;
use super::{Run, Tx, lookup, rows};
use crate::error::Error;
use crate::request::{EnqueueTask, EnqueueTasks, Queued};

impl Run for EnqueueTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Queued, Error> {
        let stream = lookup::active_stream(tx.conn, &self.stream)?;
        if let Some(task) = self.live_twin(tx, &stream.id)? {
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
        let mut insert = tx.sql(concat!(include_str!("enqueue.sql"), task_columns!()))?;
        let values = named_params! {
            ":id": id.as_str(),
            ":stream": stream.id.as_str(),
            ":tool": self.tool,
            ":plugin": self.plugin,
            ":class": self.class.as_str(),
            ":payload": self.payload.as_str(),
            ":label": self.label,
            ":dedupe_key": self.dedupe_key,
            ":timeout": self.timeout.seconds(),
            ":now": self.now.as_millis(),
        };
        let Some(task) = insert.query_row(values, rows::task).optional()? else {
            return Err(Refusal::Ended {
                kind: Kind::Stream,
                name: stream.name.into(),
            }
            .into());
        };
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::TaskEnqueued,
            actor: self.actor.as_str(),
            session: Some(&stream.session_id),
            stream: Some(&stream.id),
            task: Some(&task.id),
            data: None,
        })?;
        Ok(Queued {
            task,
            existed: false,
        })
    }
}

impl EnqueueTask {
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
    fn run(&self, tx: &Tx<'_>) -> Result<Vec<TaskId>, Error> {
        let enqueue = |(index, task): (usize, &EnqueueTask)| {
            task.run(tx)
                .map(|queued| queued.task.id)
                .map_err(|error| match error {
                    Error::Refusal(refusal) => Refusal::Batch {
                        line: index + 1,
                        refusal: Box::new(refusal),
                    }
                    .into(),
                    fault @ Error::Fault(_) => fault,
                })
        };
        self.tasks.iter().enumerate().map(enqueue).collect()
    }
}
