//! What the author of a plugin needs: a look at a component, its findings, its tests, and all of them again at every change.
//!
//! Nothing here knows a project or its queue: a plugin is judged by what it does alone, in the sandbox, with what a test grants.

mod around;
mod build;
mod case;
mod component;
mod definitions;
mod differ;
mod examine;
mod file;
mod finding;
mod golden;
mod log;
mod made;
mod outcome;
mod payloads;
mod portrait;
mod properties;
mod script_case;
mod trial;
mod watch;

pub(crate) use build::{Built, build};
pub(crate) use definitions::TAKEN;
pub(crate) use examine::{Report, examine};
pub(crate) use file::{find, name, read};
pub(crate) use finding::Finding;
pub(crate) use outcome::Outcome;
pub(crate) use portrait::Portrait;
pub(crate) use trial::{Tally, test};
pub(crate) use watch::Watch;
