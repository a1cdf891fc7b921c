use super::{Run, Tx};
use crate::error::Error;
use crate::request::NoteRequest;

impl Run for NoteRequest {
    fn run(&self, tx: &Tx<'_>) -> Result<(), Error> {
        tx.note(&self.request, &self.text, self.now)?;
        Ok(())
    }
}
