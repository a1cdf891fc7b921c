//! What was typed, kept for as long as the browser's tab is open: a reload or an error costs nothing.

use std::cell::RefCell;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::storage;

/// What is kept of one tool's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The payload's text, also where it is no JSON.
    pub(crate) payload: String,
    /// The timeout, as it was typed.
    pub(crate) timeout: String,
    /// Whether a link brought it, and nobody has typed since.
    #[serde(default)]
    pub(crate) brought: bool,
}

thread_local! {
    /// The same once more, for browsers that keep nothing, or no more.
    static HERE: RefCell<HashMap<String, Kept>> = RefCell::default();
}

/// Where it is kept what was typed for a tool of a project.
pub(crate) fn place(project: &str, tool: &str) -> String {
    format!("sparkq.draft.{project}/{tool}")
}

/// What was kept at a place.
pub(crate) fn load(place: &str) -> Option<Kept> {
    let here = HERE.with_borrow(|here| here.get(place).cloned());
    here.or_else(|| {
        let text = storage::of_tab()?.get_item(place).ok()??;
        serde_json::from_str(&text).ok()
    })
}

/// Keeps what was typed.
pub(crate) fn save(place: &str, kept: Kept) {
    if let (Some(storage), Ok(text)) = (storage::of_tab(), serde_json::to_string(&kept)) {
        // What the browser has no room for is still kept here.
        let _ = storage.set_item(place, &text);
    }
    HERE.with_borrow_mut(|here| here.insert(place.to_owned(), kept));
}

/// Keeps what a link brings; what was typed there is put aside.
pub(crate) fn bring(place: &str, payload: String) {
    let before = load(place);
    if before
        .as_ref()
        .is_some_and(|before| before.payload == payload)
    {
        return;
    }
    if let Some(typed) = before.filter(|before| !before.brought) {
        save(&aside(place), typed);
    }
    let brought = Kept {
        payload,
        timeout: String::new(),
        brought: true,
    };
    save(place, brought);
}

/// Where it is put aside what a link took the place of.
pub(crate) fn aside(place: &str) -> String {
    format!("{place} aside")
}

/// Forgets what was typed, unless it is something else by now.
pub(crate) fn forget(place: &str, typed: &Kept) {
    let is_it = |kept: Kept| kept.payload == typed.payload && kept.timeout == typed.timeout;
    if !load(place).is_some_and(is_it) {
        return;
    }
    if let Some(storage) = storage::of_tab() {
        let _ = storage.remove_item(place);
    }
    HERE.with_borrow_mut(|here| here.remove(place));
}
