//! What the author of a plugin needs: a look at a component, its findings, its tests, and all of them again at every change.
//!
//! Nothing here knows a project or its queue: a plugin is judged by what it does alone, in the sandbox, with what a test grants.

mod component;
mod definitions;
mod examine;
mod file;
mod finding;
mod payloads;
mod portrait;

pub(crate) use definitions::TAKEN;
pub(crate) use examine::{Report, examine};
pub(crate) use file::{name, read};
pub(crate) use finding::Finding;
pub(crate) use portrait::Portrait;
