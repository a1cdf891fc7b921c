//! Runs SparkQ's plugins: WebAssembly components, sandboxed, limited and kept warm.
//!
//! Everything here blocks; async code calls it from a thread for blocking work. A plugin sees no files and no environment but
//! what it was granted, no network and no time; what it does wrong comes back as a [`Fault`], what its user did wrong as [`Issue`](sparkq_core::Issue)s.

mod binding;
mod cache;
mod check;
mod compile;
mod describe;
mod engine;
mod fault;
mod file;
mod findings;
mod guard;
mod host;
mod index;
mod inspect;
mod instance;
mod journal;
mod judge;
mod limits;
mod offers;
mod plugin;
mod runtime;
mod schema;
mod source;
mod sync;
mod text;
mod ticker;
mod turns;
mod unfold;

use std::path::PathBuf;

pub use check::{CheckError, Checked};
pub use compile::{Compiler, compile_as_child};
pub use describe::{Account, Flaw};
pub use fault::{Fault, FaultKind};
pub use file::{Grants, Isolation, PluginFile, Source};
pub use index::Index;
pub use inspect::{Inspection, Item};
pub use journal::{JournalLine, Level};
pub use judge::{Judged, Reported};
pub use limits::Limits;
pub use runtime::Runtime;
pub use schema::Schema;

/// Where compiled components are kept, and how the runtime fits into its program.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The folder of compiled components, made when it is missing; none compiles in every process.
    pub cache_dir: Option<PathBuf>,
    /// How to start the child that compiles; none compiles in this process.
    pub compiler: Option<Compiler>,
    /// The least that the journal keeps of what plugins log.
    pub journal: Level,
    /// How what may take long is run.
    pub aside: Aside,
}

/// Runs what may take long in the middle of something short, such as a look at all folders in the middle of a check. A
/// server has its other requests go on meanwhile; by itself it just runs.
#[derive(Debug, Clone, Copy)]
pub struct Aside(pub fn(&mut dyn FnMut()));

impl Aside {
    /// Runs it, and gives its answer; none where nobody ran it.
    pub(crate) fn run<T>(self, work: impl FnOnce() -> T) -> Option<T> {
        let (mut work, mut done) = (Some(work), None);
        (self.0)(&mut || done = work.take().map(|work| work()));
        done
    }
}

impl Default for Aside {
    fn default() -> Self {
        Self(|work| work())
    }
}
