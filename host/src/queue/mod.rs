//! The queue as a service: what both fronts, the command line and the HTTP API, call. One file per act.
//!
//! Its methods are asynchronous, so that the server never blocks a thread on the disk; with the file open right
//! here, as a command has it, they complete without waiting for anything but the file.

mod access;
mod cancel;
mod catalogue;
mod check;
mod claim;
mod commits;
mod enqueue;
mod error;
mod finish;
mod health;
mod installed;
mod judge;
mod key;
mod look;
pub(crate) mod playbook;
mod plugin_list;
mod plugins;
mod project;
mod purge;
mod release;
mod reload;
mod requeue;
mod scripts;
mod session;
mod stats;
mod stream;
mod sweep;
#[cfg(test)]
pub(crate) mod testing;

use std::sync::{Arc, PoisonError, RwLock};

use sparkq_core::Time;
use sparkq_store::Done;

pub(crate) use access::Access;
pub(crate) use claim::Claim;
pub(crate) use commits::Commits;
pub(crate) use enqueue::parse_batch;
pub(crate) use error::Error;
pub(crate) use installed::{holds_queue, settings_of};
pub(crate) use key::request_key;
pub(crate) use look::Events;
use plugins::Plugins;
pub(crate) use plugins::settings;
pub(crate) use purge::Progress;

use crate::config::Project;

/// An answer, and the last event it includes.
pub(crate) type Answer<T> = Result<Done<T>, Error>;

/// The queue of one project.
#[derive(Debug)]
pub(crate) struct Queue {
    current: RwLock<Arc<Current>>,
    access: Access,
    clock: fn() -> Time,
    /// Held while what the plugins said is asked for and kept, so that a later answer is never overwritten.
    saving: tokio::sync::Mutex<()>,
    /// Held while the plugins are gathered, so that they are asked once.
    gathering: tokio::sync::Mutex<()>,
    /// Whether what plugins say is kept in the store: not by a command beside a server, which sees to that.
    keeps: bool,
    /// Held by the one reload that runs.
    reloading: tokio::sync::Mutex<()>,
}

/// What a reload replaces, all of it at once.
#[derive(Debug)]
struct Current {
    project: Arc<Project>,
    plugins: Arc<Plugins>,
}

impl Queue {
    /// The queue of `project`, reached by `access`. Starts no plugin.
    pub(crate) fn new(project: Project, access: Access, clock: fn() -> Time) -> Self {
        let project = Arc::new(project);
        let current = Current {
            plugins: Arc::new(Plugins::new(Arc::clone(&project))),
            project,
        };
        Self {
            current: RwLock::new(Arc::new(current)),
            access,
            clock,
            saving: tokio::sync::Mutex::default(),
            gathering: tokio::sync::Mutex::default(),
            keeps: true,
            reloading: tokio::sync::Mutex::default(),
        }
    }

    /// The same queue, beside a server that sees to what is kept of plugins.
    pub(crate) fn beside_server(self) -> Self {
        Self {
            keeps: false,
            ..self
        }
    }

    /// The project as it was read last; the same for as long as the caller keeps it.
    pub(crate) fn project(&self) -> Arc<Project> {
        Arc::clone(&self.current().project)
    }

    fn current(&self) -> Arc<Current> {
        let current = self.current.read();
        Arc::clone(&current.unwrap_or_else(PoisonError::into_inner))
    }

    /// Leaves the file as whoever opens it next has least to do.
    pub(crate) fn settle(&self) -> Result<(), Error> {
        self.access.settle()
    }

    /// The moment, as this queue's clock tells it.
    pub(crate) fn now(&self) -> Time {
        (self.clock)()
    }
}
