//! Built-in plugin: looks at what other tasks have made, and sums it up.
//!
//! The rules are plain functions that also build and test natively; this file only connects them to the contract.

mod findings;
mod summarize;
mod tool;
mod validate;

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
                "to see whether the files are there that a check was about, so that none that is missing goes untold",
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
        match tool.as_str() {
            tool::OUTPUTS | tool::INTEGRATION => Ok(validate::validate(&json::read(&payload)?)),
            tool::SUMMARIZE => Ok(summarize::validate(&json::read(&payload)?)),
            _ => Err(fault::unknown_tool(&tool)),
        }
    }

    fn normalize(tool: String, payload: types::Json) -> Result<payloads::Normalized, types::Fault> {
        match tool.as_str() {
            tool::OUTPUTS | tool::INTEGRATION => validate::normalize(json::read(&payload)?),
            tool::SUMMARIZE => summarize::normalize(&json::read(&payload)?),
            _ => Err(fault::unknown_tool(&tool)),
        }
    }
}

impl results::Guest for Plugin {
    fn check(run: results::Run) -> Result<results::Checked, types::Fault> {
        let reported = result::reported(&run)?;
        let issues = match run.tool.as_str() {
            tool::OUTPUTS | tool::INTEGRATION => {
                findings::judge(&json::read(&run.payload)?, &reported, &PROJECT)
            }
            tool::SUMMARIZE => summarize::judge(&json::read(&run.payload)?, &reported),
            _ => return Err(fault::unknown_tool(&run.tool)),
        };
        Ok(reported.judged(issues))
    }
}

/// A canonical form that says nothing but payload and label.
fn plain(
    payload: &impl serde::Serialize,
    label: &str,
) -> Result<payloads::Normalized, types::Fault> {
    Ok(payloads::Normalized {
        payload: json::write(payload)?,
        label: sparkq_plugin::label::of(label),
        dedupe_key: None,
        task_class: None,
        timeout_seconds: None,
        attrs: Vec::new(),
    })
}
