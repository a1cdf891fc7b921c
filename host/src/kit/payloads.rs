//! What is wrong with the payloads that a plugin itself gives as examples.

use std::sync::Arc;

use serde_json::{Map, Value};
use sparkq_core::Severity::{Error, Warning};
use sparkq_core::{Issue, PluginRecord, ToolDefinition};
use sparkq_runtime::{CheckError, Index, Runtime};

use super::component;
use super::finding::Finding;
use super::log::lines;

/// Has the plugin check each example, as if every script were there that it asks for.
pub(super) fn look(runtime: &Arc<Runtime>, record: &PluginRecord) -> Vec<Finding> {
    let index = Arc::new(Index::of_everything(Arc::clone(runtime)));
    let mut findings = Vec::new();
    for tool in &record.tools {
        for (number, example) in tool.examples.iter().enumerate() {
            let look = Look {
                runtime,
                index: &index,
                record,
                tool,
                place: format!(
                    "tool {}, example {} `{}`",
                    tool.name,
                    number + 1,
                    example.title
                ),
            };
            findings.extend(look.example(&example.payload.value()));
        }
    }
    findings
}

struct Look<'a> {
    runtime: &'a Runtime,
    index: &'a Arc<Index>,
    record: &'a PluginRecord,
    tool: &'a ToolDefinition,
    place: String,
}

impl Look<'_> {
    fn example(&self, payload: &Value) -> Vec<Finding> {
        // What was written before says nothing of this one.
        let _ = lines(self.runtime);
        let checked = match self.check(payload) {
            Ok(checked) => checked,
            Err(findings) => return findings,
        };
        let mut findings = Vec::new();
        if checked.label.trim().is_empty() {
            findings.push(self.say(
                Warning,
                "label",
                "its label is blank, and lists show it".to_owned(),
                "give the one thing that tells this task from others",
            ));
        } else if checked.label.ends_with('…') {
            findings.push(self.say(
                Warning,
                "label",
                "its label has more than 120 characters, and is cut".to_owned(),
                "give the one thing that tells this task from others",
            ));
        }
        match self.check(&checked.payload.value()) {
            Ok(again) if again.payload.value() == checked.payload.value() => {}
            Ok(again) => findings.push(self.say(
                Error,
                "not-idempotent",
                format!(
                    "normalize makes {} of it, and of that {}",
                    checked.payload.as_str(),
                    again.payload.as_str()
                ),
                "fill in and tidy up so that a second time changes nothing",
            )),
            Err(again) => findings.extend(again),
        }
        findings
    }

    fn check(&self, payload: &Value) -> Result<sparkq_runtime::Checked, Vec<Finding>> {
        let payload: Map<String, Value> = payload.as_object().cloned().unwrap_or_default();
        let name = &self.record.name;
        let checked = self.runtime.check(name, self.tool, &payload, self.index);
        checked.map_err(|error| match error {
            CheckError::Rejected(issues) => {
                issues.iter().map(|issue| self.rejected(issue)).collect()
            }
            CheckError::Fault(fault) => {
                let fault = component::fault(&fault);
                let message = format!("{}: {}", fault.place, fault.message);
                let fix = fault.fix.unwrap_or_default();
                let found = Finding::new(self.severity(), &*self.place, fault.code, message, fix);
                vec![found.with_log(lines(self.runtime))]
            }
        })
    }

    fn rejected(&self, issue: &Issue) -> Finding {
        let fix = if self.record.about.needs.is_empty() {
            "change the example, or what finds fault with it"
        } else {
            "nothing is granted here; grant it in a case of its tests, and: sparkq plugin test DIR"
        };
        let message = format!("the plugin rejects it: {issue}");
        self.say(self.severity(), "example", message, fix)
    }

    /// What goes wrong without grants may go well with them.
    fn severity(&self) -> sparkq_core::Severity {
        if self.record.about.needs.is_empty() {
            Error
        } else {
            Warning
        }
    }

    fn say(
        &self,
        severity: sparkq_core::Severity,
        code: &str,
        message: String,
        fix: &str,
    ) -> Finding {
        Finding::new(severity, &*self.place, code, message, fix)
    }
}
