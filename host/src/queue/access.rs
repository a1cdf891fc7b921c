//! How the store is reached: right here, or through the server's writer and readers.

use std::sync::{Mutex, PoisonError};

use sparkq_store::sqlite::{Asker, SqliteStore, Writer};
use sparkq_store::{
    Done, Error as StoreError, Fault, Read, Readers, Store, Verb, Write, write_one,
};
use tokio::sync::oneshot;

use super::{Answer, Commits, Error};

/// A way to the store.
#[derive(Debug)]
pub(crate) enum Access {
    /// The file, opened by this command for itself.
    File(Mutex<SqliteStore>),
    /// The server's threads.
    Server {
        /// Takes the writes.
        writer: Writer,
        /// Take the reads.
        readers: Readers,
        /// Tells of commits.
        commits: Commits,
    },
}

impl Access {
    /// Whether every write costs this process a transaction of its own.
    pub(super) const fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Runs one request; answers after COMMIT.
    pub(super) async fn write<V: Verb>(&self, request: V) -> Answer<V::Answer> {
        match self {
            Self::File(store) => {
                let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(write_one(&mut *store, request)?)
            }
            Self::Server { writer, .. } => {
                let (asker, answer) = oneshot::channel();
                let asker = Waiting {
                    asker,
                    writer: writer.clone(),
                };
                writer.send(request.into_write(), Box::new(asker))?;
                let parcel = answer.await.map_err(|_| Fault::closed())?;
                let write = parcel.open()?;
                Ok(V::answer(write).unwrap_or_else(|| Err(Fault::closed().into()))?)
            }
        }
    }

    /// Has a request done though nobody waits for what comes of it, and whoever asked may be gone before it is done.
    pub(super) fn leave<V: Verb>(&self, request: V) -> Result<(), Error> {
        match self {
            Self::File(store) => {
                let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
                write_one(&mut *store, request)?;
            }
            Self::Server { writer, .. } => writer.send(request.into_write(), Box::new(Nobody))?,
        }
        Ok(())
    }

    /// Has `look` read from one consistent look at the queue.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&dyn Read) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<T> {
        match self {
            Self::File(store) => Ok(read(
                &*store.lock().unwrap_or_else(PoisonError::into_inner),
                look,
            )?),
            Self::Server { readers, .. } => {
                let (asker, answer) = oneshot::channel();
                readers.ask(move |store| {
                    // Nobody waits any more when the client has gone.
                    let _ = asker.send(read(store, look));
                })?;
                Ok(answer.await.map_err(|_| Fault::closed())??)
            }
        }
    }

    /// A number that differs from the one before when another process has committed since; the file's alone.
    pub(super) fn version(&self) -> Result<i64, Error> {
        match self {
            Self::File(store) => {
                let store = store.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(store.version()?)
            }
            Self::Server { .. } => Ok(0),
        }
    }

    /// Leaves the file as whoever opens it next has least to do; the file's alone, a server does it when it ends.
    pub(super) fn settle(&self) -> Result<(), Error> {
        match self {
            Self::File(store) => {
                let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(store.settle()?)
            }
            Self::Server { .. } => Ok(()),
        }
    }

    /// Runs `work`, which may take a while, where it keeps no request waiting but its own.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self {
            Self::File(_) => work(),
            Self::Server { .. } => tokio::task::spawn_blocking(work)
                .await
                .map_err(|error| Error::panicked(&error))?,
        }
    }
}

fn read<T>(
    store: &dyn Store,
    look: impl FnOnce(&dyn Read) -> Result<T, StoreError>,
) -> Result<Done<T>, StoreError> {
    let snapshot = store.read()?;
    let seq = snapshot.last_seq()?;
    Ok(Done {
        value: look(&*snapshot)?,
        seq,
    })
}

/// A handler that waits for the writer.
struct Waiting {
    asker: oneshot::Sender<Parcel>,
    writer: Writer,
}

impl Asker for Waiting {
    fn is_waiting(&self) -> bool {
        !self.asker.is_closed()
    }

    fn answer(self: Box<Self>, answered: Result<Write, Fault>) {
        // Whether nobody waits any more or the handler ends before it looks: the parcel is dropped unopened.
        let _ = self.asker.send(Parcel {
            answered: Some(answered),
            writer: self.writer,
        });
    }
}

/// An answer on its way to the handler. A claim that never arrives is undone, so that no task is lost with a client
/// that hangs up.
struct Parcel {
    answered: Option<Result<Write, Fault>>,
    writer: Writer,
}

impl Parcel {
    fn open(mut self) -> Result<Write, Fault> {
        let answered = self.answered.take();
        answered.unwrap_or_else(|| Err(Fault::closed()))
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        if let Some(undo) = self
            .answered
            .take()
            .and_then(Result::ok)
            .and_then(Write::undo)
        {
            tracing::debug!("a claim is undone, because its client no longer waits");
            // A writer that has ended leaves the task to the sweep.
            let _ = self.writer.send(undo, Box::new(Nobody));
        }
    }
}

/// Asks without waiting for an answer.
struct Nobody;

impl Asker for Nobody {
    fn is_waiting(&self) -> bool {
        true
    }

    fn answer(self: Box<Self>, _: Result<Write, Fault>) {}
}

#[cfg(test)]
mod tests {
    use sparkq_core::Time;
    use sparkq_store::ClaimTask;

    use super::super::testing;
    use super::*;

    #[test]
    fn a_task_claimed_for_a_client_that_hangs_up_before_it_reads_the_answer_is_queued_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("q.db");
        let mut store = SqliteStore::create(&path, crate::entropy()).expect("a database");
        testing::queue_one(&mut store, Time::from_millis(1));
        let (writer, _thread) = Writer::start(Box::new(store), |_| true, || ()).expect("a thread");
        let claim = || {
            ClaimTask {
                stream: "a".into(),
                worker: "w".parse().expect("a name"),
                request: None,
                now: Time::from_millis(2),
            }
            .into_write()
        };
        let ask = || {
            let (asker, answer) = oneshot::channel();
            let waiting = Waiting {
                asker,
                writer: writer.clone(),
            };
            writer.send(claim(), Box::new(waiting)).expect("taken");
            answer
        };
        let hung_up = ask();
        // The second answer comes after the first, so by then the first lies there unread.
        let second = ask().blocking_recv().expect("an answer").open();
        let second = ClaimTask::answer(second.expect("committed"));
        assert_eq!(second.expect("run").expect("no refusal").value, None);
        drop(hung_up);
        let third = ask().blocking_recv().expect("an answer").open();
        let third = ClaimTask::answer(third.expect("committed")).expect("run");
        assert!(
            third.expect("no refusal").value.is_some(),
            "it was there again"
        );
    }
}
