//! What runs for a project: found by the locks that are held, so it is true of other processes too.

use sparkq_core::Refusal;
use sparkq_core::wire::{ServerInfo, WatcherInfo};

use super::folder::RunFolder;
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

/// What runs for the project whose runtime files lie in `folder`. Refuses the server of another project.
pub(crate) fn living(folder: &RunFolder) -> Result<Living, Refusal> {
    Ok(Living {
        server: server_now(folder)?.map(|held| ServerInfo {
            pid: held.pid,
            address: held.address,
        }),
        watchers: watchers(folder),
    })
}
