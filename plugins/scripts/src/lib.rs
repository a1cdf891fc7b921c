//! Built-in plugin: runs scripts of the project, and reads what their headers say.
//!
//! The rules are plain functions that also build and test natively; this file only connects them to the contract.

mod header;
mod language;
mod payload;
mod tool;

use sparkq_plugin::{about, index, payloads, scripts, tools, types};

/// The exports of this component.
pub struct Plugin;

sparkq_plugin::export!(Plugin: about, tools, payloads, scripts);

impl about::Guest for Plugin {
    fn get() -> about::Info {
        about::Info {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            homepage: None,
            license: Some(env!("CARGO_PKG_LICENSE").to_owned()),
            needs: Vec::new(),
            attrs: Vec::new(),
        }
    }
}

impl tools::Guest for Plugin {
    fn definitions() -> Result<Vec<tools::Definition>, types::Fault> {
        Ok(vec![tool::run_bash()])
    }
}

/// The index of the host.
struct Project;

impl payload::Index for Project {
    fn lookup(&self, path: &str) -> Option<index::Script> {
        index::lookup(path)
    }

    fn nearest(&self, path: &str, limit: u32) -> Vec<String> {
        index::nearest(path, limit)
    }
}

impl payloads::Guest for Plugin {
    fn validate(tool: String, payload: types::Json) -> Result<Vec<types::Issue>, types::Fault> {
        known(&tool)?;
        Ok(payload::validate(&payload::read(&payload)?, &Project))
    }

    fn normalize(tool: String, payload: types::Json) -> Result<payloads::Normalized, types::Fault> {
        known(&tool)?;
        payload::normalize(payload::read(&payload)?, &Project)
    }
}

fn known(tool: &str) -> Result<(), types::Fault> {
    if tool == tool::RUN_BASH {
        return Ok(());
    }
    Err(types::Fault {
        code: "unknown-tool".to_owned(),
        message: format!("there is no tool `{tool}` here"),
    })
}

impl scripts::Guest for Plugin {
    fn claims() -> Vec<scripts::Claim> {
        let by_path = language::PATTERNS
            .iter()
            .map(|pattern| (Some((*pattern).to_owned()), None));
        let by_interpreter = language::INTERPRETERS
            .iter()
            .map(|(name, _)| (None, Some((*name).to_owned())));
        by_path
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
