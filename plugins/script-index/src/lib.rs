//! Built-in plugin: reads what the headers of scripts say, for the script index.
//!
//! The rules are plain functions that also build and test natively; this file only connects them to the contract.

mod comment;
mod header;
mod language;

use sparkq_plugin::{about, scripts};

use language::LANGUAGES;

/// The exports of this component.
pub struct Plugin;

sparkq_plugin::export!(Plugin: about, scripts);

impl about::Guest for Plugin {
    fn get() -> about::Info {
        sparkq_plugin::about_this_crate!()
    }
}

impl scripts::Guest for Plugin {
    fn claims() -> Vec<scripts::Claim> {
        let by_name = LANGUAGES
            .iter()
            .flat_map(|language| language.extensions)
            .map(|extension| (Some(format!("**/*.{extension}")), None));
        let by_interpreter = LANGUAGES
            .iter()
            .flat_map(|language| language.interpreters)
            .map(|name| (None, Some((*name).to_owned())));
        by_name
            .chain(by_interpreter)
            .map(|(pattern, interpreter)| scripts::Claim {
                pattern,
                interpreter,
                priority: 0,
            })
            .collect()
    }

    fn extract(head: scripts::Head) -> scripts::Extracted {
        header::extract(&head.path, &head.bytes)
    }
}
