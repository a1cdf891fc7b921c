use rusqlite::OptionalExtension;
use serde_json::json;
use sparkq_core::wire::{Activity, EventKind, Task};
use sparkq_core::{Refusal, Status, TaskId, Verb};

use super::cancel::cancel;
use super::enqueue::insert;
use super::event::NewEvent;
use super::{Run, Tx, lookup, rows};
use crate::error::Error;
use crate::request::{Queued, RequeueTask};

impl Run for RequeueTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Queued, Error> {
        if let Some(queued) = self.clone.answered(tx)? {
            return Ok(queued);
        }
        let original = lookup::task(tx.conn, &self.task)?;
        let id = original.id.clone();
        self.check(tx, &original)?;
        let stream = lookup::active_stream(tx.conn, &self.clone.stream)?;
        let queued = insert(tx, &self.clone, &stream, Some(&id))?;
        if queued.existed {
            return Ok(queued);
        }
        let actor = self.clone.actor.as_str();
        if original.status == Status::Queued {
            let error = format!("Cancelled: requeued as {}", queued.task.id);
            cancel(tx, &id, &error, actor, self.clone.now)?;
        }
        tx.tell(NewEvent {
            at: self.clone.now,
            kind: EventKind::TaskRequeued,
            actor,
            session: None,
            stream: Some(&original.stream_id),
            task: Some((&id, Some(original.seq))),
            data: Some(json!({ "requeued_as": queued.task.id.as_str() }).to_string()),
        })?;
        Ok(queued)
    }
}

impl RequeueTask {
    /// Refuses a task that is not to be cloned: it has a live clone, or is not over.
    fn check(&self, tx: &Tx<'_>, original: &Task) -> Result<(), Error> {
        let live = live_relative(tx, &original.id)?;
        let over = newest_clone(tx, &original.id)?.filter(|_| !self.force);
        if let Some((clone, status)) = live.or(over) {
            let task = original.id.clone();
            return Err(Refusal::RequeuedAlready {
                task,
                clone,
                status,
            }
            .into());
        }
        let may = match original.status {
            Status::Failed => true,
            Status::Succeeded => self.force,
            Status::Running => false,
            Status::Queued => {
                let stream = lookup::stream(tx.conn, original.stream_id.as_str())?;
                stream.status == Activity::Ended
            }
        };
        if may {
            return Ok(());
        }
        Err(Refusal::WrongState {
            task: original.id.clone(),
            stream: original.stream_name.clone().into(),
            status: original.status,
            verb: Verb::Requeue,
            error: None,
            clone: None,
        }
        .into())
    }
}

/// The queued or running one among all that the task was cloned from, their clones and its own.
fn live_relative(tx: &Tx<'_>, id: &TaskId) -> rusqlite::Result<Option<(TaskId, Status)>> {
    let mut select = tx.sql(
        "WITH RECURSIVE
         ancestors (id, origin) AS (
             SELECT id, requeued_from FROM tasks WHERE id = ?1
             UNION SELECT tasks.id, requeued_from FROM tasks JOIN ancestors ON tasks.id = origin),
         family (id) AS (
             SELECT id FROM ancestors
             UNION SELECT tasks.id FROM tasks JOIN family ON tasks.requeued_from = family.id)
         SELECT id, status FROM tasks
         WHERE id IN (SELECT id FROM family) AND id <> ?1 AND status IN ('queued', 'running')
         ORDER BY seq DESC LIMIT 1",
    )?;
    select.query_row([id.as_str()], relative).optional()
}

/// The last of the task's clones, and of theirs.
fn newest_clone(tx: &Tx<'_>, id: &TaskId) -> rusqlite::Result<Option<(TaskId, Status)>> {
    let mut select = tx.sql(
        "WITH RECURSIVE clones (id) AS (
             SELECT id FROM tasks WHERE requeued_from = ?1
             UNION SELECT tasks.id FROM tasks JOIN clones ON tasks.requeued_from = clones.id)
         SELECT id, status FROM tasks WHERE id IN (SELECT id FROM clones)
         ORDER BY seq DESC LIMIT 1",
    )?;
    select.query_row([id.as_str()], relative).optional()
}

fn relative(row: &rusqlite::Row<'_>) -> rusqlite::Result<(TaskId, Status)> {
    Ok((rows::task_id(row)?, rows::status(row)?))
}
