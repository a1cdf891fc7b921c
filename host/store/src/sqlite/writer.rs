//! The one thread that writes: it takes whatever has queued up meanwhile and commits it together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use crate::Store;
use crate::error::Fault;
use crate::write::{Woken, Write};

/// The most requests one commit takes.
const BATCH: usize = 512;

/// Whoever waits for an answer.
pub trait Asker: Send {
    /// Whether the answer can still be handed over. Looked at before the request runs, so that nothing is
    /// claimed for a worker that has gone.
    fn is_waiting(&self) -> bool;

    /// Takes the answered request, or the fault that kept the batch from being committed. Whoever takes an answer
    /// that cannot be handed on sends what [`Write::undo`] gives.
    fn answer(self: Box<Self>, answered: Result<Write, Fault>);
}

type Request = (Write, Box<dyn Asker>);

/// A handle to the writer's thread. The thread ends when the last handle is gone.
#[derive(Debug, Clone)]
pub struct Writer {
    requests: Sender<Request>,
}

impl Writer {
    /// Gives `store` to a thread of its own. `committed` is called after each commit, before anyone is answered, and
    /// told who has to be woken. It says whether the commit counts: what was written into a file that has been removed
    /// meanwhile is lost, and nobody is told otherwise. `rest` is called once all are answered, before the next
    /// transaction begins: the moment for others to write.
    pub fn start(
        store: Box<dyn Store>,
        committed: impl Fn(Woken) -> bool + Send + 'static,
        rest: impl Fn() + Send + 'static,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (requests, inbox) = channel();
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || serve(store, &inbox, committed, rest))?;
        Ok((Self { requests }, thread))
    }

    /// Queues a request.
    pub fn send(&self, write: Write, asker: Box<dyn Asker>) -> Result<(), Fault> {
        self.requests
            .send((write, asker))
            .map_err(|_| Fault::closed())
    }
}

fn serve(
    mut store: Box<dyn Store>,
    inbox: &Receiver<Request>,
    committed: impl Fn(Woken) -> bool,
    rest: impl Fn(),
) {
    while let Ok(first) = inbox.recv() {
        let waiting = std::iter::once(first).chain(inbox.try_iter()).take(BATCH);
        let (mut batch, askers): (Vec<_>, Vec<_>) =
            waiting.filter(|(_, asker)| asker.is_waiting()).unzip();
        if batch.is_empty() {
            continue;
        }
        // A mistake in one verb must not end the only thread that writes; its transaction is undone on the way out.
        let written = catch_unwind(AssertUnwindSafe(|| store.write(&mut batch)));
        match written.unwrap_or_else(|_| Err(Fault::mistake())) {
            Ok(()) => {
                let mut woken = Woken::default();
                for write in &batch {
                    write.wake(&mut woken);
                }
                let counts = committed(woken);
                for (write, asker) in batch.into_iter().zip(askers) {
                    asker.answer(if counts {
                        Ok(write)
                    } else {
                        Err(Fault::removed())
                    });
                }
                rest();
            }
            Err(fault) => {
                tracing::error!(%fault, requests = askers.len(), "a batch could not be committed");
                for asker in askers {
                    asker.answer(Err(fault.clone()));
                }
            }
        }
    }
    if let Err(fault) = store.settle() {
        tracing::warn!(%fault, "the database was left as the last commit had it");
    }
}
