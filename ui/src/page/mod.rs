//! Pages: each composes kit components from the board and the route.
//!
//! The dashboard comes with the first visit. The others are loaded when they are first opened, and the function that
//! brings each is a seam where the program is cut.

#![expect(
    clippy::unnecessary_wraps,
    reason = "a part may fail to be loaded, which the seam's own code adds"
)]

mod attempt;
mod catalogue;
mod dashboard;
mod enqueue;
mod fetched;
mod lost;
mod plugins;
mod scripts;
mod sessions;
mod settings;
mod stream;
mod streams;
mod task;
mod tasks;
mod tools;
mod watchers;

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

pub(crate) use dashboard::Dashboard;
pub(crate) use lost::Lost;

use crate::kit::KeysHelp;
use crate::part::Part;

/// Brings the table of tasks.
#[wasm_split(tasks, fallible)]
pub(crate) fn tasks() -> Part {
    Ok(|| tasks::TasksPage().into_any())
}

/// Brings one task.
#[wasm_split(task, fallible)]
pub(crate) fn task() -> Part {
    Ok(|| task::TaskPage().into_any())
}

/// Brings the form that enqueues.
#[wasm_split(enqueue, fallible)]
pub(crate) fn enqueue() -> Part {
    Ok(|| enqueue::EnqueuePage().into_any())
}

/// Brings the streams.
#[wasm_split(lanes, fallible)]
pub(crate) fn streams() -> Part {
    Ok(|| streams::StreamsPage().into_any())
}

/// Brings one stream.
#[wasm_split(lanes, fallible)]
pub(crate) fn stream() -> Part {
    Ok(|| stream::StreamPage().into_any())
}

/// Brings the sessions.
#[wasm_split(lanes, fallible)]
pub(crate) fn sessions() -> Part {
    Ok(|| sessions::SessionsPage().into_any())
}

/// Brings the tools.
#[wasm_split(catalogue, fallible)]
pub(crate) fn tools() -> Part {
    Ok(|| tools::ToolsPage().into_any())
}

/// Brings the plugins.
#[wasm_split(catalogue, fallible)]
pub(crate) fn plugins() -> Part {
    Ok(|| plugins::PluginsPage().into_any())
}

/// Brings the script index.
#[wasm_split(catalogue, fallible)]
pub(crate) fn scripts() -> Part {
    Ok(|| scripts::ScriptsPage().into_any())
}

/// Brings what is configured.
#[wasm_split(catalogue, fallible)]
pub(crate) fn settings() -> Part {
    Ok(|| settings::SettingsPage().into_any())
}

/// Brings the list of keys.
#[wasm_split(help, fallible)]
pub(crate) fn keys_help() -> Part {
    Ok(|| KeysHelp().into_any())
}
