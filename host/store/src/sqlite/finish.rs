use rusqlite::{OptionalExtension, named_params};
use sparkq_core::wire::{EventKind, Task};
use sparkq_core::{Refusal, Status, TaskId, Verb};

use super::event::NewEvent;
use super::rows::task_columns;
use super::{Run, Tx, lookup, rows, tasks};
use crate::error::Error;
use crate::request::{FinishTask, Outcome};

impl Run for FinishTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Task, Error> {
        let id = lookup::task(tx.conn, &self.task)?;
        let (status, kind, verb, result, error) = match &self.outcome {
            Outcome::Completed(result) => (
                Status::Succeeded,
                EventKind::TaskCompleted,
                Verb::Complete,
                Some(result.as_str()),
                None,
            ),
            Outcome::Failed(error) => (
                Status::Failed,
                EventKind::TaskFailed,
                Verb::Fail,
                None,
                Some(error.as_str()),
            ),
        };
        let mut update = tx.sql(concat!(include_str!("finish.sql"), task_columns!()))?;
        let values = named_params! {
            ":id": id.as_str(),
            ":status": status.as_str(),
            ":result": result,
            ":error": error,
            ":now": self.now.as_millis(),
        };
        let Some(task) = update.query_row(values, rows::task).optional()? else {
            return Err(explain(tx, &id, verb)?.into());
        };
        self.keep_outputs(tx, &id)?;
        tx.tell(NewEvent {
            at: self.now,
            kind,
            actor: self.actor.as_str(),
            session: None,
            stream: Some(&task.stream_id),
            task: Some(&id),
            data: None,
        })?;
        Ok(task)
    }
}

impl FinishTask {
    fn keep_outputs(&self, tx: &Tx<'_>, id: &TaskId) -> rusqlite::Result<()> {
        if self.stdout.is_none() && self.stderr.is_none() {
            return Ok(());
        }
        let mut insert =
            tx.sql("INSERT INTO outputs (task_id, stdout, stderr) VALUES (?1, ?2, ?3)")?;
        insert
            .execute((id.as_str(), &self.stdout, &self.stderr))
            .map(|_| ())
    }
}

/// Why `verb` missed: the task is there, but not running.
fn explain(tx: &Tx<'_>, id: &TaskId, verb: Verb) -> Result<Refusal, Error> {
    let task = tasks::by_id(tx.conn, id)?;
    let mut clone =
        tx.sql("SELECT id FROM tasks WHERE requeued_from = ?1 ORDER BY seq DESC LIMIT 1")?;
    Ok(Refusal::WrongState {
        task: task.id,
        stream: task.stream_name.into(),
        status: task.status,
        verb,
        error: task.error,
        clone: clone.query_row([id.as_str()], rows::task_id).optional()?,
    })
}
