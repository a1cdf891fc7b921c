//! What runs for a project: found by the locks that are held, so it is true of other processes too.

use std::path::Path;

use sparkq_core::wire::{ServerInfo, WatcherInfo};

use super::lock::server_now;
use super::watch::watchers;

/// What runs at this moment.
#[derive(Debug, Default)]
pub(crate) struct Living {
    /// The server.
    pub(crate) server: Option<ServerInfo>,
    /// The watchers, by stream: those inside the server, and those that are processes of their own.
    pub(crate) watchers: Vec<WatcherInfo>,
}

/// What runs for the project whose runtime files lie in `folder`.
pub(crate) fn living(folder: &Path) -> Living {
    Living {
        server: server_now(folder).map(|held| ServerInfo {
            pid: held.pid,
            address: held.address,
        }),
        watchers: watchers(folder),
    }
}
