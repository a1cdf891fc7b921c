//! Everything that can be said of a component without its tests: what `plugin check` prints, and what `plugin add` stops at.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sparkq_core::{PluginRecord, Severity};
use sparkq_runtime::{Fault, Inspection, PluginFile, Runtime};

use super::finding::Finding;
use super::log::lines;
use super::{component, definitions, payloads};
use crate::assets::hex;
use crate::queue::settings;

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Examination {
    /// What the component imports and exports; none when it is no component.
    pub(crate) inspection: Option<Inspection>,
    /// What the plugin says of itself; none when it says nothing that can be used.
    pub(crate) record: Option<PluginRecord>,
    /// What was found, in the order of a component's life: its bytes, its start, its tools, their payloads.
    pub(crate) findings: Vec<Finding>,
}

impl Examination {
    /// The same with the component's file, as a shell takes it, in place of the word FILE in its fixes.
    pub(crate) fn of_file(mut self, file: &str) -> Self {
        for fix in self.findings.iter_mut().filter_map(|one| one.fix.as_mut()) {
            *fix = fix.replace(" FILE", &format!(" {file}"));
        }
        self
    }

    /// Whether the plugin cannot be used.
    pub(crate) fn stops(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// What `plugin check` answers to programs.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
    ok: bool,
    findings: &'a [Finding],
}

impl<'a> From<&'a Examination> for Report<'a> {
    fn from(examination: &'a Examination) -> Self {
        Self {
            ok: !examination.stops(),
            findings: &examination.findings,
        }
    }
}

/// Looks at a component as the plugin `name` with the settings `config`, a JSON object. It runs in the sandbox, and nothing
/// is granted to it.
pub(crate) fn examine(bytes: &[u8], name: &str, config: &str) -> Examination {
    let mut examination = Examination {
        inspection: None,
        record: None,
        findings: component::size(bytes),
    };
    if let Err(finding) = look(&mut examination, bytes, name, config) {
        examination.findings.push(*finding);
    }
    examination
}

fn look(
    examination: &mut Examination,
    bytes: &[u8],
    name: &str,
    config: &str,
) -> Result<(), Box<Finding>> {
    let digest = hex(&Sha256::digest(bytes));
    let file = PluginFile {
        config: config.to_owned(),
        ..PluginFile::new(name, digest, bytes.to_vec())
    };
    let runtime = Arc::new(Runtime::new(settings(), vec![file]));
    let broken = |fault: Fault| {
        let finding = component::fault(&fault);
        Box::new(finding.with_log(lines(&runtime)))
    };
    let inspection = runtime.inspect(bytes).map_err(broken)?;
    let findings = &mut examination.findings;
    findings.extend(component::look(&inspection));
    let inspection = examination.inspection.insert(inspection);
    let fits = |finding: &Finding| !finding.is_error() || finding.code == component::HALF;
    if !findings.iter().all(fits) {
        return Ok(());
    }
    let account = runtime.account(name).map_err(broken)?;
    findings.extend(definitions::look(&account));
    let record = PluginRecord {
        built_in: false,
        ..account.record
    };
    findings.extend(component::unasked_files(inspection, &record));
    if account.flaws.is_empty() {
        if inspection.interfaces.contains(&"payloads") {
            findings.extend(payloads::look(&runtime, &record));
        }
        findings.extend(claims(&runtime, name).map_err(broken)?);
        examination.record = Some(record);
    }
    Ok(())
}

/// What is odd about the scripts that it reads.
fn claims(runtime: &Runtime, name: &str) -> Result<Option<Finding>, Fault> {
    let none = runtime.claims(name)? == Some(0);
    Ok(none.then(|| {
        Finding::new(
            Severity::Warning,
            "scripts",
            "no-claims",
            "it reads scripts and claims none, so it is never asked",
            r#"claim what it reads: { pattern: "**/*.py", interpreter: none, priority: 10 }"#,
        )
    }))
}
