//! Dark or light: as the system is, or as a person has chosen for this browser.
//!
//! `theme.js` shows what was chosen, before the program is there.

use leptos::prelude::*;

use crate::storage;

/// Where the choice is kept.
const KEY: &str = "sparkq-theme";

/// A choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system is.
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// Every choice, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Dark, Self::Light];

    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// What was chosen.
    pub(crate) fn chosen() -> Self {
        let kept = storage::lasting().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let chosen = Self::ALL
            .into_iter()
            .find(|theme| kept.as_deref() == Some(theme.as_str()));
        chosen.unwrap_or(Self::System)
    }

    /// Chooses it, here and for the next visit. A browser that keeps nothing forgets it with the page.
    pub(crate) fn choose(self) {
        if let Some(storage) = storage::lasting() {
            let _ = match self {
                Self::System => storage.remove_item(KEY),
                _ => storage.set_item(KEY, self.as_str()),
            };
        }
        self.show();
    }

    fn show(self) {
        let Some(root) = document().document_element() else {
            return;
        };
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            _ => root.set_attribute("data-theme", self.as_str()),
        };
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_chosen_is_what_the_page_begins_with() {
        let begins = include_str!("../theme.js");
        assert!(begins.contains(&format!("\"{}\"", super::KEY)));
    }
}
