//! Built-in plugin: prompts for language models, by the level of model they want.
//!
//! The rules are plain functions that also build and test natively; this file only connects them to the contract.

mod files;
mod judge;
mod payload;
mod tool;

use sparkq_plugin::look::Granted;
use sparkq_plugin::{about, fault, json, payloads, result, results, tools, types};

/// The project's folder, as it is granted.
const PROJECT: Granted = Granted("project");

/// The exports of this component.
pub struct Plugin;

sparkq_plugin::export!(Plugin: about, tools, payloads, results);

impl about::Guest for Plugin {
    fn get() -> about::Info {
        about::Info {
            needs: vec![PROJECT.wanted(
                "to see whether the files are there that a prompt names, and the answer where it was asked for",
            )],
            ..sparkq_plugin::about_this_crate!()
        }
    }
}

impl tools::Guest for Plugin {
    fn definitions() -> Result<Vec<tools::Definition>, types::Fault> {
        Ok(tool::all())
    }
}

impl payloads::Guest for Plugin {
    fn validate(tool: String, payload: types::Json) -> Result<Vec<types::Issue>, types::Fault> {
        known(&tool)?;
        Ok(payload::validate(&json::read(&payload)?, &PROJECT))
    }

    fn normalize(tool: String, payload: types::Json) -> Result<payloads::Normalized, types::Fault> {
        known(&tool)?;
        payload::normalize(json::read(&payload)?)
    }
}

impl results::Guest for Plugin {
    fn check(run: results::Run) -> Result<results::Checked, types::Fault> {
        known(&run.tool)?;
        let reported = result::reported(&run)?;
        let issues = judge::judge(&json::read(&run.payload)?, &reported, &PROJECT);
        Ok(reported.judged(issues))
    }
}

fn known(name: &str) -> Result<(), types::Fault> {
    if tool::NAMES.contains(&name) {
        return Ok(());
    }
    Err(fault::unknown_tool(name))
}
