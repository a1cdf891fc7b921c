//! What was typed, kept for as long as the browser's tab is open: a reload or an error costs nothing.

use std::cell::RefCell;
use std::collections::HashMap;

use leptos::prelude::*;
use leptos::web_sys::Storage;
use serde::{Deserialize, Serialize};

/// What is kept of one tool's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The payload's text, also where it is no JSON.
    pub(crate) payload: String,
    /// The timeout, as it was typed.
    pub(crate) timeout: String,
}

thread_local! {
    /// The same once more, for browsers that keep nothing, or no more.
    static HERE: RefCell<HashMap<String, Kept>> = RefCell::default();
}

/// What was kept for a tool.
pub(crate) fn load(tool: &str) -> Option<Kept> {
    let here = HERE.with_borrow(|here| here.get(tool).cloned());
    here.or_else(|| {
        let text = storage()?.get_item(&place(tool)).ok()??;
        serde_json::from_str(&text).ok()
    })
}

/// Keeps what was typed for a tool.
pub(crate) fn save(tool: &str, kept: Kept) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
        // What the browser has no room for is still kept here.
        let _ = storage.set_item(&place(tool), &text);
    }
    HERE.with_borrow_mut(|here| here.insert(tool.to_owned(), kept));
}

/// Forgets what was typed for a tool.
pub(crate) fn forget(tool: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&place(tool));
    }
    HERE.with_borrow_mut(|here| here.remove(tool));
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn place(tool: &str) -> String {
    format!("sparkq.draft.{tool}")
}
