//! Threads that read, with a connection each, so that no asynchronous thread ever waits for the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::Store;
use crate::error::Fault;

type Question = Box<dyn FnOnce(&dyn Store) + Send>;

/// A small pool of readers. Dropping it ends the threads once they are idle.
#[derive(Debug, Clone)]
pub struct Readers {
    questions: Sender<Question>,
}

impl Readers {
    /// Starts one thread for each of `stores`.
    pub fn start(stores: Vec<Box<dyn Store>>) -> std::io::Result<Self> {
        let (questions, inbox) = channel::<Question>();
        let inbox = Arc::new(Mutex::new(inbox));
        for (number, store) in stores.into_iter().enumerate() {
            let inbox = Arc::clone(&inbox);
            thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || serve(&*store, &inbox))?;
        }
        Ok(Self { questions })
    }

    /// Has one of the threads ask `question`.
    pub fn ask(&self, question: impl FnOnce(&dyn Store) + Send + 'static) -> Result<(), Fault> {
        self.questions
            .send(Box::new(question))
            .map_err(|_| Fault::closed())
    }
}

fn serve(store: &dyn Store, inbox: &Mutex<Receiver<Question>>) {
    loop {
        let next = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(question) = next else { return };
        // Whoever asked is told by the answer that does not come.
        let _ = catch_unwind(AssertUnwindSafe(|| question(store)));
    }
}
