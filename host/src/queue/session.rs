use sparkq_core::wire::{List, NewSession, Session};
use sparkq_core::{Name, Refusal, Worker, limits};
use sparkq_store::{CreateSession, Page};

use super::{Answer, Error, Queue};

impl Queue {
    /// Makes a session.
    pub(crate) async fn create_session(&self, new: NewSession, actor: Worker) -> Answer<Session> {
        let name = parse_name(&new.name)?;
        Refusal::check_size("description", new.description.len(), limits::DESCRIPTION)?;
        self.access
            .write(CreateSession {
                name,
                description: new.description,
                actor,
                now: self.now(),
            })
            .await
    }

    /// Sessions, newest first.
    pub(crate) async fn sessions(&self, page: Page) -> Answer<List<Session>> {
        self.access
            .read(move |store| Ok(store.sessions(page)?))
            .await
    }

    /// One session by id or name.
    pub(crate) async fn session(&self, given: String) -> Answer<Session> {
        self.access.read(move |store| store.session(&given)).await
    }
}

pub(super) fn parse_name(text: &str) -> Result<Name, Error> {
    text.parse()
        .map_err(|error| Refusal::invalid("name", text, error).into())
}
