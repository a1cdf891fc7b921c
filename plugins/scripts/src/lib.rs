//! Built-in plugin: runs scripts of the project.
//!
//! The rules are plain functions that also build and test natively; this file only connects them to the contract.

mod payload;
mod tool;

use sparkq_plugin::issues::Issues;
use sparkq_plugin::look::Granted;
use sparkq_plugin::{about, fault, index, json, payloads, result, results, tools, types};

use tool::Tool;

/// The exports of this component.
pub struct Plugin;

sparkq_plugin::export!(Plugin: about, tools, payloads, results);

impl about::Guest for Plugin {
    fn get() -> about::Info {
        about::Info {
            needs: vec![
                FOLDER.wanted("to see whether the folder is there that a script is to run in"),
            ],
            ..sparkq_plugin::about_this_crate!()
        }
    }
}

impl tools::Guest for Plugin {
    fn definitions() -> Result<Vec<tools::Definition>, types::Fault> {
        Ok(tool::TOOLS.iter().map(Tool::definition).collect())
    }
}

/// The project's folder, as it is granted.
const FOLDER: Granted = Granted("project");

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
        let tool = known(&tool)?;
        let payload = json::read(&payload)?;
        Ok(payload::validate(tool, &payload, &Project, &FOLDER))
    }

    fn normalize(tool: String, payload: types::Json) -> Result<payloads::Normalized, types::Fault> {
        known(&tool)?;
        payload::normalize(json::read(&payload)?, &Project)
    }
}

impl results::Guest for Plugin {
    fn check(run: results::Run) -> Result<results::Checked, types::Fault> {
        known(&run.tool)?;
        let reported = result::reported(&run)?;
        let mut issues = Issues::default();
        reported.check_exit_code(&mut issues);
        Ok(reported.judged(issues))
    }
}

fn known(name: &str) -> Result<&'static Tool, types::Fault> {
    let tool = tool::TOOLS.iter().find(|tool| tool.name == name);
    tool.ok_or_else(|| fault::unknown_tool(name))
}
