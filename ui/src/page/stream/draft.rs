//! Instructions that are being written: kept in the browser's tab until they are saved, whatever happens meanwhile.

use serde::{Deserialize, Serialize};

use crate::storage;

/// A text that is being written, and what it was written from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The instructions that the writer has seen.
    pub(super) base: String,
    /// What is to take their place.
    pub(super) text: String,
}

/// How a draft stands to the instructions as they are by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is nothing to save.
    Same,
    /// It can be saved.
    Ahead,
    /// Somebody else has changed them, and the writer has to see it first.
    Crossed,
}

impl Draft {
    /// Begins with what is there.
    pub(super) fn of(instructions: &str) -> Self {
        Self {
            base: instructions.to_owned(),
            text: instructions.to_owned(),
        }
    }

    /// How it stands to the instructions as they are by now.
    pub(super) fn standing(&self, now: &str) -> Standing {
        if self.text == now {
            Standing::Same
        } else if self.base == now {
            Standing::Ahead
        } else if self.text == self.base {
            // Nothing was written yet, so nothing can be lost.
            Standing::Same
        } else {
            Standing::Crossed
        }
    }

    /// The draft of a stream that this tab keeps.
    pub(super) fn kept(stream: &str) -> Option<Self> {
        let kept = storage::of_tab()?.get_item(&key(stream)).ok()??;
        serde_json::from_str(&kept).ok()
    }

    /// Keeps it, and returns whether it is kept: some browsers keep nothing, or have no room left.
    pub(super) fn keep(&self, stream: &str) -> bool {
        let text = serde_json::to_string(self).unwrap_or_default();
        storage::of_tab().is_some_and(|storage| storage.set_item(&key(stream), &text).is_ok())
    }

    /// Keeps none of this stream any more.
    pub(super) fn forget(stream: &str) {
        if let Some(storage) = storage::of_tab() {
            let _ = storage.remove_item(&key(stream));
        }
    }
}

fn key(stream: &str) -> String {
    format!("sparkq-draft-{stream}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_has_written_meanwhile_is_never_overwritten_unseen() {
        let draft = |base: &str, text: &str| Draft {
            base: base.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(Draft::of("a").standing("a"), Standing::Same);
        assert_eq!(draft("a", "b").standing("a"), Standing::Ahead);
        assert_eq!(draft("a", "b").standing("c"), Standing::Crossed);
        assert_eq!(draft("a", "b").standing("b"), Standing::Same);
        assert_eq!(Draft::of("a").standing("c"), Standing::Same);
    }
}
