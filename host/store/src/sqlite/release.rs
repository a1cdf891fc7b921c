use rusqlite::{OptionalExtension, named_params};
use sparkq_core::wire::EventKind;
use sparkq_core::{Status, StreamId};

use super::event::NewEvent;
use super::{Run, Tx, rows};
use crate::error::Error;
use crate::request::{ReleaseTask, ReleasedBy};

impl Run for ReleaseTask {
    fn run(&self, tx: &Tx<'_>) -> Result<Option<StreamId>, Error> {
        // The same claim, asked again with its key, may have reached its worker on another way.
        if let (Some(key), ReleasedBy::Server) = (&self.request, self.by)
            && tx.take_back(key)?
        {
            return Ok(None);
        }
        let mut update = tx.sql(include_str!("release.sql"))?;
        let values = named_params! {
            ":id": self.task.as_str(),
            ":worker": self.worker.as_str(),
            ":claimed_at": self.claimed_at.as_millis(),
            ":now": self.now.as_millis(),
        };
        let Some(stream) = update
            .query_row(values, |row| rows::id::<StreamId>(row, "id"))
            .optional()?
        else {
            return Ok(None);
        };
        tx.count(&stream, Some(Status::Running), Some(Status::Queued))?;
        match self.by {
            ReleasedBy::Server => tx.forget(self.request.as_ref())?,
            ReleasedBy::Worker => tx.remember(self.request.as_ref(), &[], self.now)?,
        }
        tx.tell(NewEvent {
            at: self.now,
            kind: EventKind::TaskReleased,
            actor: self.worker.as_str(),
            session: None,
            stream: Some(&stream),
            task: Some((&self.task, None)),
            data: None,
        })?;
        Ok(Some(stream))
    }
}
