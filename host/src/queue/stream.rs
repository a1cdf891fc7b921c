use sparkq_core::wire::{self, List, NewStream, Stream};
use sparkq_core::{Refusal, SessionId, StreamId, Worker, limits};
use sparkq_store::{CreateStream, EditStream, Lane, Page, RequestKey};

use super::session::parse_name;
use super::{Answer, Queue};

impl Queue {
    /// Makes a stream.
    pub(crate) async fn create_stream(
        &self,
        new: NewStream,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Stream> {
        let name = parse_name(&new.name)?;
        Refusal::check_size("instructions", new.instructions.len(), limits::INSTRUCTIONS)?;
        let create = CreateStream {
            session: new.session_id,
            name,
            instructions: new.instructions,
            request,
            actor,
            now: self.now(),
        };
        self.access.write(create).await
    }

    /// Streams, or those of one session, in the order they were made.
    pub(crate) async fn streams(
        &self,
        session: Option<String>,
        page: Page,
    ) -> Answer<List<Stream>> {
        self.access
            .read(move |store| store.streams(session.as_deref(), page))
            .await
    }

    /// Changes, ends or reopens a stream.
    pub(crate) async fn edit_stream(
        &self,
        stream: String,
        edit: wire::EditStream,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Stream> {
        let instructions = edit.instructions;
        if let Some(text) = &instructions {
            Refusal::check_size("instructions", text.len(), limits::INSTRUCTIONS)?;
        }
        self.access
            .write(EditStream {
                stream,
                name: edit.name.as_deref().map(parse_name).transpose()?,
                instructions,
                status: edit.status,
                request,
                actor,
                now: self.now(),
            })
            .await
    }

    /// One stream by id or name.
    pub(crate) async fn stream(&self, given: String) -> Answer<Stream> {
        self.access.read(move |store| store.stream(&given)).await
    }

    /// The active streams of one session; none when it is ended or gone.
    pub(crate) async fn active_streams(&self, session: SessionId) -> Answer<Vec<StreamId>> {
        self.access
            .read(move |store| Ok(store.active_streams(&session)?))
            .await
    }

    /// What a watcher wants to know of a stream; none when it is ended or gone.
    pub(crate) async fn lane(&self, stream: StreamId) -> Answer<Option<Lane>> {
        self.access
            .read(move |store| Ok(store.lane(&stream)?))
            .await
    }

    /// The streams that have queued tasks, and how many, most first.
    pub(crate) async fn streams_with_work(&self) -> Answer<Vec<(String, u64)>> {
        self.access
            .read(|store| Ok(store.streams_with_work()?))
            .await
    }
}
