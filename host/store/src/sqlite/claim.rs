use rusqlite::{Connection, OptionalExtension, named_params};
use sparkq_core::wire::{Claimed, EventKind};
use sparkq_core::{Refusal, Status, TaskId, Verb};

use super::event::NewEvent;
use super::finish::explain;
use super::rows::claimed_columns;
use super::{Run, Tx, lookup, rows};
use crate::error::Error;
use crate::request::{ClaimTask, RequestKey};

impl Run for ClaimTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Option<Claimed>, Error> {
        if let Some(key) = &self.request
            && let Some(ids) = tx.answered(Some(key))?
            && let Some(id) = ids.first()
        {
            return again(tx, id, key).map(Some);
        }
        let stream = lookup::active_stream(tx.conn, &self.stream)?;
        let mut update = tx.sql(concat!(include_str!("claim.sql"), claimed_columns!()))?;
        let values = named_params! {
            ":stream": stream.id.as_str(),
            ":worker": self.worker.as_str(),
            ":now": self.now.as_millis(),
        };
        let Some(claimed) = update.query_row(values, rows::claimed).optional()? else {
            return Ok(None);
        };
        tx.remember(self.request.as_ref(), &[&claimed.id], self.now)?;
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::TaskClaimed,
            actor: self.worker.as_str(),
            session: Some(&stream.session_id),
            stream: Some(&stream.id),
            task: Some(&claimed.id),
            data: None,
        })?;
        Ok(Some(claimed))
    }
}

/// What an earlier request with the same key was handed, while it runs: what is over is nobody's to do.
fn again(tx: &Tx<'_>, id: &TaskId, key: &RequestKey) -> Result<Claimed, Error> {
    let mut select = tx.sql(concat!(
        "SELECT ",
        claimed_columns!(),
        " FROM tasks WHERE id = ?1"
    ))?;
    let claimed = select
        .query_row([id.as_str()], rows::claimed)
        .optional()?
        .ok_or_else(|| Refusal::TaskNotFound {
            given: id.to_string(),
        })?;
    if claimed.status != Status::Running {
        return Err(explain(tx, id, Verb::Claim)?.into());
    }
    tx.hand_out(key)?;
    Ok(claimed)
}

/// The task that a claim would hand out.
pub(super) fn peek(conn: &Connection, given: &str) -> Result<Option<Claimed>, Error> {
    let stream = lookup::active_stream(conn, given)?;
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        claimed_columns!(),
        " FROM tasks INDEXED BY tasks_next WHERE stream_id = ?1 AND status = 'queued' ORDER BY seq LIMIT 1"
    ))?;
    Ok(select
        .query_row([stream.id.as_str()], rows::claimed)
        .optional()?)
}
