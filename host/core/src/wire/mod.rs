//! The types on the wire: what the API answers, what the CLI prints with `--json`, and what the page reads.
//! A field that has no value is left out.

mod cancel;
mod check;
mod claim;
mod config;
mod document;
mod enqueue;
mod error;
mod event;
mod filter;
mod finish;
mod list;
mod object;
mod plugin;
mod purge;
mod requeue;
mod session;
mod stats;
mod status;
mod stream;
mod task;
mod tool;

pub use cancel::Cancel;
pub use check::{Check, Checked};
pub use claim::{Claimed, Released};
pub use config::{Configuration, Reloaded, Setting};
pub use document::Document;
pub use enqueue::{BatchQueued, Enqueue, EnqueueBatch};
pub use error::{Done, ErrorBody};
pub use event::{Event, EventKind};
pub use filter::Filter;
pub use finish::{Complete, Fail};
pub use list::{Counts, List};
pub use plugin::{Plugin, PluginFaults, PluginLine, PluginState};
pub use purge::{BulkPurge, Purged};
pub use requeue::{BulkRequeue, Refused, Requeue, Requeued};
pub use session::{Activity, EditSession, NewSession, Session};
pub use stats::{Bucket, Spread, Stats};
pub use status::{Health, Overview, ServerInfo, WatcherInfo, WatcherStopped};
pub use stream::{EditStream, NewStream, Stream, StreamBrief};
pub use task::{History, Kin, Task, TaskDetail, Timing};
pub use tool::Tool;
