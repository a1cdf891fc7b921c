//! Requests that are done once, however often they are sent. What each came to stands in the column `tasks`: mostly ids,
//! of a purge or of requeuing many how far it has come.

use rusqlite::{Connection, OptionalExtension};
use sparkq_core::wire::Task;
use sparkq_core::{Code, Refusal, TaskId, Time};

use super::{Tx, tasks};
use crate::error::Error;
use crate::request::{PurgeState, Queued, RequestKey};

impl Tx<'_> {
    /// The tasks that an earlier request with this key came to; none for a new one. A key that was used for another
    /// request is refused.
    pub(super) fn answered(&self, key: Option<&RequestKey>) -> Result<Option<Vec<TaskId>>, Error> {
        key.map_or(Ok(None), |key| answered(self.conn, key))
    }

    /// The task that an earlier request was about, as it is now.
    pub(super) fn as_it_is(&self, id: &TaskId) -> Result<Task, Error> {
        let found = tasks::by_id(self.conn, id).optional()?;
        let gone = || Refusal::TaskNotFound {
            given: id.to_string(),
        };
        found.ok_or_else(|| gone().into())
    }

    /// When the request with this key was done.
    pub(super) fn asked_at(&self, key: &RequestKey) -> rusqlite::Result<Option<Time>> {
        let mut select = self.sql("SELECT at FROM requests WHERE id = ?1")?;
        select
            .query_row([&key.id], |row| row.get(0).map(Time::from_millis))
            .optional()
    }

    /// Notes that the answer to a claim is handed out once more.
    pub(super) fn hand_out(&self, key: &RequestKey) -> rusqlite::Result<()> {
        self.sql("UPDATE requests SET handed = handed + 1 WHERE id = ?1")?
            .execute([&key.id])
            .map(|_| ())
    }

    /// Takes one answer to a claim back; says whether another one is still out.
    pub(super) fn take_back(&self, key: &RequestKey) -> rusqlite::Result<bool> {
        let mut update =
            self.sql("UPDATE requests SET handed = handed - 1 WHERE id = ?1 RETURNING handed > 0")?;
        let out = update.query_row([&key.id], |row| row.get(0)).optional()?;
        Ok(out.unwrap_or_default())
    }

    /// The session or stream that an earlier request with this key has made or changed; none for a new one.
    pub(super) fn made(&self, key: Option<&RequestKey>) -> Result<Option<String>, Error> {
        let Some(key) = key else { return Ok(None) };
        let ids: Option<Vec<String>> = read(self.conn, key)?.map(|text| parse(&text));
        Ok(ids.and_then(|ids| ids.into_iter().next()))
    }

    /// Remembers what the request with this key came to: the ids of tasks, or of what was made or changed.
    pub(super) fn remember(
        &self,
        key: Option<&RequestKey>,
        ids: &[&str],
        now: Time,
    ) -> rusqlite::Result<()> {
        let Some(key) = key else { return Ok(()) };
        let ids = serde_json::to_string(ids).unwrap_or_default();
        self.note(key, &ids, now)
    }

    /// Remembers how far the purge with this key has come.
    pub(super) fn remember_purge(
        &self,
        key: &RequestKey,
        state: PurgeState,
        now: Time,
    ) -> rusqlite::Result<()> {
        let state = serde_json::to_string(&(state.purged, state.over)).unwrap_or_default();
        self.note(key, &state, now)
    }

    /// Notes by the key of a request what it came to, or how far it has come.
    pub(super) fn note(&self, key: &RequestKey, answer: &str, now: Time) -> rusqlite::Result<()> {
        let mut insert = self.sql(
            "INSERT INTO requests (id, digest, tasks, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET tasks = ?3",
        )?;
        insert
            .execute((&key.id, &key.digest, answer, now.as_millis()))
            .map(|_| ())
    }

    /// Forgets a request whose work was undone.
    pub(super) fn forget(&self, key: Option<&RequestKey>) -> rusqlite::Result<()> {
        let Some(key) = key else { return Ok(()) };
        self.sql("DELETE FROM requests WHERE id = ?1")?
            .execute([&key.id])
            .map(|_| ())
    }
}

/// The tasks that an earlier request with this key came to; none for a new one. A key that was used for another request
/// is refused.
pub(super) fn answered(conn: &Connection, key: &RequestKey) -> Result<Option<Vec<TaskId>>, Error> {
    let ids: Option<Vec<String>> = read(conn, key)?.map(|text| parse(&text));
    Ok(ids.map(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect()))
}

/// How far an earlier purge with this key has come; none for a new one.
pub(super) fn purged(conn: &Connection, key: &RequestKey) -> Result<Option<PurgeState>, Error> {
    let state = read(conn, key)?.map(|text| {
        let (purged, over) = serde_json::from_str(&text).unwrap_or_default();
        PurgeState { purged, over }
    });
    Ok(state)
}

/// What was noted of an earlier request with this key; none for a new one.
pub(super) fn noted(conn: &Connection, key: &RequestKey) -> Result<Option<String>, Error> {
    read(conn, key)
}

fn parse(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// What is remembered of an earlier request with this key; none for a new one. A key that was used for another request
/// is refused.
fn read(conn: &Connection, key: &RequestKey) -> Result<Option<String>, Error> {
    let mut select = conn.prepare_cached("SELECT digest, tasks FROM requests WHERE id = ?1")?;
    let found = select
        .query_row([&key.id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    match found {
        None => Ok(None),
        Some((digest, answer)) if digest == key.digest => Ok(Some(answer)),
        Some(_) => Err(Refusal::Http {
            code: Code::KeyReused,
            message: "the Idempotency-Key was used for another request".to_owned(),
        }
        .into()),
    }
}

/// What an earlier enqueue or requeue with this key came to.
pub(super) fn queued(conn: &Connection, key: &RequestKey) -> Result<Option<Queued>, Error> {
    let Some(ids) = answered(conn, key)? else {
        return Ok(None);
    };
    let Some(id) = ids.first() else {
        return Ok(None);
    };
    let mut select = conn.prepare_cached("SELECT request_id IS NOT ?2 FROM tasks WHERE id = ?1")?;
    let existed = select
        .query_row((id.as_str(), &key.id), |row| row.get(0))
        .optional()?;
    match existed {
        Some(existed) => Ok(Some(Queued {
            task: tasks::by_id(conn, id)?,
            existed,
        })),
        None => Err(Refusal::TaskNotFound {
            given: id.to_string(),
        }
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use sparkq_core::wire::Activity;

    use super::super::{Attempt, Care, SqliteStore};
    use super::*;
    use crate::request::{CreateSession, CreateStream, EditSession, EditStream, SaveProject};
    use crate::write::Verb;
    use crate::write_one;

    fn now() -> Time {
        Time::from_millis(1)
    }

    fn key(id: &str) -> RequestKey {
        RequestKey {
            id: id.to_owned(),
            digest: "d".to_owned(),
        }
    }

    fn rename_session(session: &str, name: &str, status: Activity) -> EditSession {
        EditSession {
            session: session.to_owned(),
            name: Some(name.parse().expect("a name")),
            description: None,
            status: Some(status),
            request: Some(key(name)),
            actor: "w".parse().expect("a name"),
            now: now(),
        }
    }

    fn rename_stream(stream: &str, name: &str) -> EditStream {
        EditStream {
            stream: stream.to_owned(),
            name: Some(name.parse().expect("a name")),
            instructions: None,
            status: None,
            request: Some(key(name)),
            actor: "w".parse().expect("a name"),
            now: now(),
        }
    }

    /// The sessions `s`, which has the streams `a` and `b`, and `t`, which is ended and had a stream `a` too.
    fn store(folder: &tempfile::TempDir) -> SqliteStore {
        let mut last = 0;
        let entropy = move || {
            last += 1;
            last
        };
        let mut store =
            SqliteStore::create(&folder.path().join("q.db"), Box::new(entropy)).expect("made");
        let project = SaveProject {
            name: "p".into(),
            repo_path: ".".into(),
            prd_path: String::new(),
            now: now(),
        };
        write_one(&mut store, project).expect("a project");
        for (session, streams) in [("t", ["a", "c"]), ("s", ["a", "b"])] {
            let new = CreateSession {
                name: session.parse().expect("a name"),
                description: String::new(),
                request: None,
                actor: "w".parse().expect("a name"),
                now: now(),
            };
            write_one(&mut store, new).expect("a session");
            for stream in streams {
                let new = CreateStream {
                    session: session.to_owned(),
                    name: stream.parse().expect("a name"),
                    instructions: String::new(),
                    request: None,
                    actor: "w".parse().expect("a name"),
                    now: now(),
                };
                write_one(&mut store, new).expect("a stream");
            }
            if session == "t" {
                let end = EditSession {
                    request: None,
                    ..rename_session("t", "t", Activity::Ended)
                };
                write_one(&mut store, end).expect("ended");
            }
        }
        store
    }

    #[test]
    fn an_edit_with_a_key_that_is_refused_has_changed_nothing_so_its_batch_is_not_run_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder);
        let batch = [
            rename_session("t", "s", Activity::Active).into_write(),
            rename_session("t", "t", Activity::Active).into_write(),
            rename_stream("a", "b").into_write(),
            rename_stream("c", "c2").into_write(),
        ];
        for write in batch {
            let mut batch = [write];
            let attempt = store.attempt(&mut batch, Care::Bare).expect("no fault");
            assert_eq!(attempt, Attempt::Kept, "{batch:?}");
        }
    }
}
