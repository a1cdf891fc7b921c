use rusqlite::{Connection, OptionalExtension, named_params};
use sparkq_core::wire::{Claimed, EventKind, Stream};
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
        {
            // Of none where it was given back.
            let handed = ids.first().map(|id| self.again(tx, id, key));
            return handed.transpose();
        }
        let stream = lookup::active_stream(tx.conn, &self.stream)?;
        let Some((seq, mut claimed)) = next(tx.conn, &stream)? else {
            return Ok(None);
        };
        // Nobody else writes while this transaction lasts, so what is next is there to be had.
        let now = self.now.max(claimed.created_at);
        let values = named_params! {
            ":seq": seq,
            ":worker": self.worker.as_str(),
            ":now": now.as_millis(),
        };
        tx.sql(include_str!("claim.sql"))?.execute(values)?;
        tx.count(&stream.id, Some(Status::Queued), Some(Status::Running))?;
        claimed.status = Status::Running;
        claimed.attempts = 1;
        claimed.worker = Some(self.worker.as_str().to_owned());
        claimed.started_at = Some(now);
        tx.remember(self.request.as_ref(), &[claimed.id.as_str()], self.now)?;
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::TaskClaimed,
            actor: self.worker.as_str(),
            session: Some(&stream.session_id),
            stream: Some(&stream.id),
            task: Some((&claimed.id, Some(seq))),
            data: None,
        })?;
        Ok(Some(claimed))
    }
}

impl ClaimTask {
    /// What an earlier request with the same key was handed, while it runs: what is over is nobody's to do, and what was
    /// queued again and claimed once more is another's.
    fn again(&self, tx: &Tx<'_>, id: &TaskId, key: &RequestKey) -> Result<Claimed, Error> {
        let mut select = tx.sql(concat!(
            "SELECT ",
            claimed_columns!(),
            " FROM tasks WHERE id = ?1"
        ))?;
        let claimed = select
            .query_row([id.as_str()], |row| Ok(rows::claimed(row)?.1))
            .optional()?
            .ok_or_else(|| Refusal::TaskNotFound {
                given: id.to_string(),
            })?;
        let since = tx.asked_at(key)?.map(|at| at.max(claimed.created_at));
        let is_this_claim =
            claimed.worker.as_deref() == Some(self.worker.as_str()) && claimed.started_at == since;
        if claimed.status != Status::Running || !is_this_claim {
            return Err(explain(tx, id, Verb::Claim)?.into());
        }
        tx.hand_out(key)?;
        Ok(claimed)
    }
}

/// The task that a claim would hand out.
pub(super) fn peek(conn: &Connection, given: &str) -> Result<Option<Claimed>, Error> {
    let stream = lookup::active_stream(conn, given)?;
    Ok(next(conn, &stream)?.map(|(_, claimed)| claimed))
}

/// The oldest queued task of the stream, and its `seq`.
fn next(conn: &Connection, stream: &Stream) -> rusqlite::Result<Option<(i64, Claimed)>> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        claimed_columns!(),
        include_str!("next.sql")
    ))?;
    select
        .query_row([stream.id.as_str()], rows::claimed)
        .optional()
}
