use sparkq_core::wire::EventKind;

use super::event::NewEvent;
use super::{Run, Tx};
use crate::error::Error;
use crate::request::SaveReload;

impl Run for SaveReload {
    fn run(&self, tx: &Tx<'_>) -> Result<(), Error> {
        self.project.run(tx)?;
        self.scripts.run(tx)?;
        tx.tell(NewEvent {
            at: self.project.now,
            kind: EventKind::ConfigReloaded,
            actor: self.actor.as_str(),
            session: None,
            stream: None,
            task: None,
            data: None,
        })?;
        Ok(())
    }
}
