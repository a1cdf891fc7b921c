//! `files`: directories that the user granted. Nothing is granted, so every look is denied.

use crate::binding::files::{Entry, Error, Host};
use crate::instance::State;

fn denied(root: &str) -> Error {
    Error::Denied(format!("no grant `files:{}`", crate::text::sentence(root)))
}

impl Host for State {
    fn roots(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn entries(
        &mut self,
        root: String,
        _dir: String,
        _after: Option<String>,
    ) -> Result<Vec<Entry>, Error> {
        Err(denied(&root))
    }

    fn read(
        &mut self,
        root: String,
        _path: String,
        _offset: u64,
        _len: u32,
    ) -> Result<Vec<u8>, Error> {
        Err(denied(&root))
    }
}
