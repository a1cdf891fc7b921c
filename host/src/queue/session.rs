use sparkq_core::wire::{self, Activity, List, NewSession, Session};
use sparkq_core::{Kind, Name, Refusal, Worker, limits};
use sparkq_store::{CreateSession, EditSession, Page, RequestKey};

use super::{Answer, Error, Queue};

impl Queue {
    /// Makes a session.
    pub(crate) async fn create_session(
        &self,
        new: NewSession,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Session> {
        let name = parse_name(&new.name)?;
        Refusal::check_size("description", new.description.len(), limits::DESCRIPTION)?;
        self.access
            .write(CreateSession {
                name,
                description: new.description,
                request,
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

    /// Changes, ends or reopens a session.
    pub(crate) async fn edit_session(
        &self,
        session: String,
        edit: wire::EditSession,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Session> {
        let description = edit.description;
        if let Some(text) = &description {
            Refusal::check_size("description", text.len(), limits::DESCRIPTION)?;
        }
        self.access
            .write(EditSession {
                session,
                name: edit.name.as_deref().map(parse_name).transpose()?,
                description,
                status: edit.status,
                request,
                actor,
                now: self.now(),
            })
            .await
    }

    /// One session by id or name.
    pub(crate) async fn session(&self, given: String) -> Answer<Session> {
        self.access.read(move |store| store.session(&given)).await
    }

    /// One session by id or name, if it still takes and hands out work.
    pub(crate) async fn active_session(&self, given: String) -> Answer<Session> {
        let done = self.session(given).await?;
        if done.value.status == Activity::Ended {
            return Err(Refusal::Ended {
                kind: Kind::Session,
                id: done.value.id.to_string(),
                name: done.value.name.into(),
            }
            .into());
        }
        Ok(done)
    }
}

pub(super) fn parse_name(text: &str) -> Result<Name, Error> {
    text.parse()
        .map_err(|error| Refusal::invalid("name", text, error).into())
}
