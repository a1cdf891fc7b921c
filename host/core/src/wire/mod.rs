//! The types on the wire: what the API answers, what the CLI prints with `--json`, and what the page reads.
//! A field that has no value is left out.

mod claim;
mod document;
mod enqueue;
mod error;
mod event;
mod finish;
mod list;
mod session;
mod status;
mod stream;
mod task;

pub use claim::Claimed;
pub use document::Document;
pub use enqueue::{BatchQueued, Enqueue, EnqueueBatch};
pub use error::ErrorBody;
pub use event::{Event, EventKind};
pub use finish::{Complete, Fail};
pub use list::{Counts, List};
pub use session::{Activity, NewSession, Session};
pub use status::{Health, Overview};
pub use stream::{NewStream, Stream, StreamBrief};
pub use task::{History, Task, TaskDetail, Timing};
