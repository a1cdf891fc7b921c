use rusqlite::{OptionalExtension, named_params};
use sparkq_core::wire::{EventKind, Task};
use sparkq_core::{Status, TaskId, Time, Verb};

use super::event::NewEvent;
use super::finish::explain;
use super::rows::task_columns;
use super::{Run, Tx, lookup, rows};
use crate::error::Error;
use crate::request::CancelTask;

impl Run for CancelTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Task, Error> {
        if let Some([id]) = tx.answered(self.request.as_ref())?.as_deref() {
            return tx.as_it_is(id);
        }
        let id = lookup::task(tx.conn, &self.task)?.id;
        let reason = match self.reason.trim() {
            "" => format!("by {}", self.actor.as_str()),
            reason => reason.to_owned(),
        };
        let error = format!("Cancelled: {reason}");
        match cancel(tx, &id, &error, self.actor.as_str(), self.now)? {
            Some(task) => {
                tx.remember(self.request.as_ref(), &[id.as_str()], self.now)?;
                Ok(task)
            }
            None => Err(explain(tx, &id, Verb::Cancel)?.into()),
        }
    }
}

/// Takes the task out of the queue with this error; none when it is not queued.
pub(super) fn cancel(
    tx: &Tx<'_>,
    id: &TaskId,
    error: &str,
    actor: &str,
    now: Time,
) -> Result<Option<Task>, Error> {
    let mut update = tx.sql(concat!(include_str!("cancel.sql"), task_columns!()))?;
    let values = named_params! { ":id": id.as_str(), ":error": error, ":now": now.as_millis() };
    let Some(task) = update.query_row(values, rows::task).optional()? else {
        return Ok(None);
    };
    tx.count(&task.stream_id, Some(Status::Queued), Some(Status::Failed))?;
    tx.tell(NewEvent {
        at: now,
        kind: EventKind::TaskCancelled,
        actor,
        session: None,
        stream: Some(&task.stream_id),
        task: Some((id, Some(task.seq))),
        data: None,
    })?;
    Ok(Some(task))
}
