//! Sessions.

use sparkq_core::wire::{EditSession, List, NewSession, Session};

use super::{Asked, escaped, get, post, put};

/// Fetches all sessions, newest first.
pub(crate) async fn all() -> Asked<List<Session>> {
    get("/api/sessions?limit=1000").await
}

/// Makes a session.
pub(crate) async fn create(new: NewSession) -> Asked<Session> {
    post("/api/sessions", &new).await
}

/// Changes, ends or reopens a session.
pub(crate) async fn edit(session: String, edit: EditSession) -> Asked<Session> {
    put(&format!("/api/sessions/{}", escaped(&session)), &edit).await
}
