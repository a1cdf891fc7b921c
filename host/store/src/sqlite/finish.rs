use rusqlite::{OptionalExtension, named_params};
use serde_json::json;
use sparkq_core::wire::{EventKind, Task};
use sparkq_core::{Refusal, Status, TaskId, Verb};

use super::event::NewEvent;
use super::{Run, Tx, lookup, rows, tasks};
use crate::error::Error;
use crate::request::{FinishTask, Finished, Outcome};

/// How many late answers to one task are kept: a worker may send the same one again and again.
const LATE_ANSWERS: u32 = 8;

impl Run for FinishTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Finished, Error> {
        let answered = tx.answered(self.request.as_ref())?;
        if let Some([id]) = answered.as_deref() {
            return Ok(Finished::Ended(Box::new(tx.as_it_is(id)?)));
        }
        let mut task = lookup::task(tx.conn, &self.task)?;
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
        let values = named_params! {
            ":seq": task.seq,
            ":status": status.as_str(),
            ":result": result,
            ":error": error,
            ":now": self.now.as_millis(),
        };
        if tx.sql(include_str!("finish.sql"))?.execute(values)? == 0 {
            let refusal = explain(tx, &task.id, verb)?;
            if answered.is_some() {
                // It was late the first time too, and is noted.
                return Ok(Finished::Late(refusal));
            }
            if self.note_late(tx, &task)? {
                tx.remember(self.request.as_ref(), &[], self.now)?;
                return Ok(Finished::Late(refusal));
            }
            return Err(refusal.into());
        }
        tx.count(&task.stream_id, Some(Status::Running), Some(status))?;
        self.keep_outputs(tx, &task.id)?;
        tx.remember(self.request.as_ref(), &[task.id.as_str()], self.now)?;
        let unchecked = self.unchecked.as_ref();
        let data = unchecked.map(|why| json!({ "unchecked": why }).to_string());
        self.tell(tx, kind, &task, data)?;
        task.status = status;
        (task.result, task.error) = match &self.outcome {
            Outcome::Completed(result) => (Some(result.clone()), None),
            Outcome::Failed(error) => (None, Some(error.clone())),
        };
        task.finished_at = Some(self.now);
        task.updated_at = self.now;
        Ok(Finished::Ended(Box::new(task)))
    }
}

impl FinishTask {
    /// Keeps the answer of a worker whose task had been auto-failed: in the task's history, and its outputs with the
    /// task. Says whether it is that kind of a miss.
    fn note_late(&self, tx: &Tx<'_>, task: &Task) -> Result<bool, Error> {
        let mut told = tx.sql(
            "SELECT count(*) FROM task_events JOIN events ON events.seq = task_events.event
             WHERE task_events.task = ?1 AND kind = ?2",
        )?;
        let mut told = |kind: EventKind| -> rusqlite::Result<u32> {
            told.query_row((task.seq, kind.as_str()), |row| row.get(0))
        };
        if told(EventKind::TaskExpired)? == 0 || told(EventKind::TaskLate)? >= LATE_ANSWERS {
            return Ok(false);
        }
        self.keep_outputs(tx, &task.id)?;
        let said = match &self.outcome {
            Outcome::Completed(result) => json!({ "result": result }),
            Outcome::Failed(error) => json!({ "error": error }),
        };
        self.tell(tx, EventKind::TaskLate, task, Some(said.to_string()))?;
        Ok(true)
    }

    fn tell(
        &self,
        tx: &Tx<'_>,
        kind: EventKind,
        task: &Task,
        data: Option<String>,
    ) -> rusqlite::Result<()> {
        tx.tell(NewEvent {
            at: self.now,
            kind,
            actor: self.actor.as_str(),
            session: None,
            stream: Some(&task.stream_id),
            task: Some((&task.id, Some(task.seq))),
            data,
        })
    }

    /// Keeps what the work printed; of several late answers the first.
    fn keep_outputs(&self, tx: &Tx<'_>, id: &TaskId) -> rusqlite::Result<()> {
        if self.stdout.is_none() && self.stderr.is_none() {
            return Ok(());
        }
        let mut insert =
            tx.sql("INSERT OR IGNORE INTO outputs (task_id, stdout, stderr) VALUES (?1, ?2, ?3)")?;
        insert
            .execute((id.as_str(), &self.stdout, &self.stderr))
            .map(|_| ())
    }
}

/// Why `verb` missed: the task is there, but not in the status it needs.
pub(super) fn explain(tx: &Tx<'_>, id: &TaskId, verb: Verb) -> Result<Refusal, Error> {
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
