//! What SparkQ's words mean: ids, names, statuses, timeouts, refusals and the types on the wire.
//!
//! Pure: no clock, no chance, no files, no environment. Both come in as arguments, so every rule here is a
//! total function that the store, both fronts and the web page share.

pub mod code;
pub mod id;
pub mod issue;
pub mod json;
pub mod limits;
pub mod name;
pub mod nearest;
#[cfg(feature = "openapi")]
mod openapi;
pub mod quarantine;
pub mod refusal;
pub mod script;
pub mod status;
pub mod sweep;
pub mod time;
pub mod timeout;
pub mod tool;
pub mod unseen;
pub mod wire;
pub mod worker;

pub use code::Code;
pub use id::{SessionId, StreamId, TaskId};
pub use issue::{Issue, Severity};
pub use name::Name;
pub use refusal::{Kind, Refusal};
pub use script::Script;
pub use status::{Status, Verb};
pub use time::Time;
pub use timeout::{Age, Limits, TaskClass, Timeout};
pub use tool::{About, Need, PluginRecord, ToolDefinition};
pub use worker::Worker;
