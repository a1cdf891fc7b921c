//! The queue as a service: what both fronts, the command line and the HTTP API, call. One file per act.
//!
//! Its methods are asynchronous, so that the server never blocks a thread on the disk; with the file open right
//! here, as a command has it, they complete without waiting for anything but the file.

mod access;
mod cancel;
mod claim;
mod commits;
mod enqueue;
mod error;
mod finish;
mod key;
mod look;
mod plugins;
mod project;
mod purge;
mod requeue;
mod session;
mod stats;
mod stream;
mod sweep;

use std::sync::Arc;

use sparkq_core::Time;
use sparkq_store::Done;

pub(crate) use access::Access;
pub(crate) use claim::Claim;
pub(crate) use commits::Commits;
pub(crate) use enqueue::parse_batch;
pub(crate) use error::Error;
pub(crate) use key::request_key;
pub(crate) use look::Events;
use plugins::Plugins;
pub(crate) use purge::Progress;

use crate::config::Project;

/// An answer, and the last event it includes.
pub(crate) type Answer<T> = Result<Done<T>, Error>;

/// The queue of one project.
#[derive(Debug)]
pub(crate) struct Queue {
    project: Project,
    access: Access,
    plugins: Arc<Plugins>,
    clock: fn() -> Time,
}

impl Queue {
    /// The queue of `project`, reached by `access`. Starts no plugin.
    pub(crate) fn new(project: Project, access: Access, clock: fn() -> Time) -> Self {
        let plugins = Arc::new(Plugins::new(&project));
        Self {
            project,
            access,
            plugins,
            clock,
        }
    }

    /// The moment, as this queue's clock tells it.
    pub(crate) fn now(&self) -> Time {
        (self.clock)()
    }
}
