use sparkq_core::wire::{List, NewSession, Session};
use sparkq_core::{Name, Refusal, limits};
use sparkq_store::{CreateSession, Done};

use super::{Answer, Error, Queue};

impl Queue {
    /// Makes a session.
    pub(crate) async fn create_session(&self, new: NewSession, actor: String) -> Answer<Session> {
        let name = parse_name(&new.name)?;
        Refusal::check_size("description", new.description.len(), limits::DESCRIPTION)?;
        self.access.write(CreateSession { name, description: new.description, actor, now: self.now() }).await
    }

    /// All sessions, newest first.
    pub(crate) async fn sessions(&self) -> Answer<List<Session>> {
        let done = self.access.read(|store| Ok(store.sessions()?)).await?;
        Ok(whole(done))
    }

    /// One session by id or name.
    pub(crate) async fn session(&self, given: String) -> Answer<Session> {
        self.access.read(move |store| store.session(&given)).await
    }
}

pub(super) fn parse_name(text: &str) -> Result<Name, Error> {
    text.parse().map_err(|error| Refusal::invalid("name", text, format_args!("not a name: {error}")).into())
}

/// A list that is its own only page.
pub(super) fn whole<T>(done: Done<Vec<T>>) -> Done<List<T>> {
    let total = done.value.len() as u64;
    Done { value: List { items: done.value, total, next_cursor: None }, seq: done.seq }
}
