//! The server as a process: its lock, its threads, its watchers, its end; and watchers as processes of their own.

mod detach;
mod folder;
mod housekeeping;
mod living;
mod lock;
mod patience;
mod run;
mod search;
mod stop;
mod waiting;
mod wake;
mod watch;

pub(crate) use detach::{detach, leave_terminal};
pub(crate) use folder::RunFolder;
pub(crate) use living::{Living, living};
use lock::ServerLock;
pub(crate) use lock::{Held, live_server, server_now};
pub(crate) use run::{Start, already_running, asked_to_end, run, take_lock};
pub(crate) use stop::{Stopped, stop_all, stop_watcher};
pub(crate) use waiting::sign;
pub(crate) use watch::{Onlooker, Told, Watch, Watchers, refuse_others, watch_alone, watcher_of};

/// Ends when the server stops.
async fn stopped(stop: &mut tokio::sync::watch::Receiver<bool>) {
    // An error means that nobody can stop it any more, so it stops.
    let _ = stop.wait_for(|stopping| *stopping).await;
}
