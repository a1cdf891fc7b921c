//! The event log's one way in.

use rusqlite::named_params;
use sparkq_core::wire::EventKind;
use sparkq_core::{SessionId, StreamId, TaskId, Time};

use super::Tx;

/// One change to be told.
pub(super) struct NewEvent<'a> {
    pub(super) at: Time,
    pub(super) kind: EventKind,
    pub(super) actor: &'a str,
    /// None looks up the stream's.
    pub(super) session: Option<&'a SessionId>,
    pub(super) stream: Option<&'a StreamId>,
    /// The task and its `seq`; a `seq` of none is looked up.
    pub(super) task: Option<(&'a TaskId, Option<i64>)>,
    pub(super) data: Option<String>,
}

impl Tx<'_> {
    /// Writes `event` into the log, in the transaction of the change it tells of.
    pub(super) fn tell(&self, event: NewEvent<'_>) -> rusqlite::Result<()> {
        let mut insert = self.sql(
            "INSERT INTO events (at, kind, actor, session_id, stream_id, task_id, data)
             VALUES (:at, :kind, :actor, coalesce(:session, (SELECT session_id FROM streams WHERE id = :stream)),
                     :stream, :task, :data)",
        )?;
        insert.execute(named_params! {
            ":at": event.at.as_millis(),
            ":kind": event.kind.as_str(),
            ":actor": event.actor,
            ":session": event.session.map(SessionId::as_str),
            ":stream": event.stream.map(StreamId::as_str),
            ":task": event.task.map(|(id, _)| id.as_str()),
            ":data": event.data,
        })?;
        let told = self.conn.last_insert_rowid();
        self.seq.set(told);
        match event.task {
            None => {}
            Some((_, Some(seq))) => {
                let mut insert =
                    self.sql("INSERT INTO task_events (task, event) VALUES (?1, ?2)")?;
                insert.execute((seq, told))?;
            }
            Some((id, None)) => {
                let mut insert = self.sql(
                    "INSERT INTO task_events (task, event) SELECT seq, ?2 FROM tasks WHERE id = ?1",
                )?;
                insert.execute((id.as_str(), told))?;
            }
        }
        Ok(())
    }
}
