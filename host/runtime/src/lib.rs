//! Runs SparkQ's plugins: WebAssembly components, sandboxed, limited and kept warm.
//!
//! Everything here blocks; async code calls it from a thread for blocking work. A plugin sees no files, no environment, no network and no time; what it does wrong comes
//! back as a [`Fault`], what its user did wrong as [`Issue`](sparkq_core::Issue)s.

mod binding;
mod cache;
mod check;
mod describe;
mod engine;
mod fault;
mod guard;
mod host;
mod index;
mod instance;
mod judge;
mod limits;
mod offers;
mod plugin;
mod runtime;
mod schema;
mod sync;
mod text;
mod ticker;

use std::borrow::Cow;
use std::path::PathBuf;

pub use check::{CheckError, Checked};
pub use fault::{Fault, FaultKind};
pub use index::Index;
pub use judge::{Judged, Reported};
pub use limits::Limits;
pub use runtime::Runtime;

/// One installed component.
#[derive(Debug, Clone)]
pub struct PluginFile {
    /// The name it is installed under.
    pub name: String,
    /// The component.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256 of `bytes`, 64 lower-case hex digits.
    pub digest: String,
}

/// Where compiled components are kept, and how much a call may use.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The folder of compiled components, made when it is missing; none compiles in every process.
    pub cache_dir: Option<PathBuf>,
    /// What one call may use.
    pub limits: Limits,
    /// How what may take long is run.
    pub aside: Aside,
}

/// Runs what may take long in the middle of something short, such as a look at all folders in the middle of a check. A
/// server has its other requests go on meanwhile; by itself it just runs.
#[derive(Debug, Clone, Copy)]
pub struct Aside(pub fn(&mut dyn FnMut()));

impl Default for Aside {
    fn default() -> Self {
        Self(|work| work())
    }
}
