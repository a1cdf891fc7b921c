//! The clock of the deadlines: a thread that moves the engine's epoch on while guests run, and sleeps while none does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How many ticks without a call the thread waits before it goes to sleep: waking it costs a call a few microseconds.
const PATIENCE: u32 = 100;

/// Owns the thread; it ends with the ticker.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// Calls that run now.
    calls: AtomicUsize,
    /// The thread sleeps, or is about to.
    asleep: AtomicBool,
    ended: AtomicBool,
}

/// Held for the time of one call.
pub(crate) struct Ticking<'a>(&'a Shared);

impl Ticker {
    pub(crate) fn start(engine: &wasmtime::Engine, tick: Duration) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let engine = engine.clone();
        let thread = thread::Builder::new()
            .name("sparkq-epoch".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || shared.run(&engine, tick)
            })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Keeps the epoch moving until the answer is dropped.
    pub(crate) fn during_call(&self) -> Ticking<'_> {
        self.shared.calls.fetch_add(1, SeqCst);
        if self.shared.asleep.load(SeqCst) {
            self.wake();
        }
        Ticking(&self.shared)
    }

    fn wake(&self) {
        self.shared.asleep.store(false, SeqCst);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Ticking<'_> {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, SeqCst);
    }
}

impl Shared {
    fn run(&self, engine: &wasmtime::Engine, tick: Duration) {
        let mut idle = 0;
        while !self.ended.load(SeqCst) {
            thread::park_timeout(tick);
            engine.increment_epoch();
            idle = if self.calls.load(SeqCst) == 0 {
                idle + 1
            } else {
                0
            };
            if idle < PATIENCE {
                continue;
            }
            // A call that began since the look above either sees `asleep` and wakes us, or is seen by us here.
            self.asleep.store(true, SeqCst);
            while self.asleep.load(SeqCst)
                && self.calls.load(SeqCst) == 0
                && !self.ended.load(SeqCst)
            {
                thread::park();
            }
            self.asleep.store(false, SeqCst);
            idle = 0;
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        self.wake();
        if let Some(thread) = self.thread.take() {
            // The thread has no way to panic, and at the end of the engine nobody could act on it.
            let _ = thread.join();
        }
    }
}
