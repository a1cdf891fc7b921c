//! `index`: the project's scripts, by name and description.

use crate::binding::index::{Host, Script};
use crate::instance::State;
use crate::limits::{LONGEST_PATH, NEAREST};

impl Host for State {
    fn lookup(&mut self, path: String) -> Option<Script> {
        if path.len() > LONGEST_PATH {
            return None;
        }
        self.beside(|state| state.index.as_ref()?.lookup(&path).map(to_wit))
    }

    fn nearest(&mut self, path: String, limit: u32) -> Vec<String> {
        if path.len() > LONGEST_PATH {
            return Vec::new();
        }
        let limit = usize::try_from(limit).unwrap_or(NEAREST).min(NEAREST);
        self.beside(|state| {
            state
                .index
                .as_ref()
                .map_or_else(Vec::new, |index| index.nearest(&path, limit))
        })
    }
}

fn to_wit(script: sparkq_core::Script) -> Script {
    Script {
        path: script.path,
        name: script.name,
        description: script.description,
        tags: script.tags,
        task_class: script.task_class.map(String::from),
        timeout_seconds: script
            .timeout
            .and_then(|timeout| u32::try_from(timeout.seconds()).ok()),
        attrs: vec![("language".to_owned(), script.language)],
    }
}
