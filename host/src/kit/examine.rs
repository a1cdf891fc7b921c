//! Everything that can be said of a component without its tests: what `plugin check` prints, and what `plugin add` stops at.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sparkq_core::PluginRecord;
use sparkq_runtime::{PluginFile, Runtime};

use super::finding::Finding;
use super::{component, definitions, payloads};
use crate::assets::hex;
use crate::queue::settings;

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Examination {
    /// What the plugin says of itself; none when it says nothing that can be used.
    pub(crate) record: Option<PluginRecord>,
    /// What was found, in the order of a component's life: its bytes, its start, its tools, their payloads.
    pub(crate) findings: Vec<Finding>,
}

impl Examination {
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
    let mut findings = component::size(bytes);
    let file = PluginFile {
        config: config.to_owned(),
        ..PluginFile::new(name, hex(&Sha256::digest(bytes)), bytes.to_vec())
    };
    let runtime = Arc::new(Runtime::new(settings(), vec![file]));
    let account = match runtime.account(name) {
        Ok(account) => account,
        Err(fault) => {
            findings.push(component::fault(&fault));
            return Examination {
                record: None,
                findings,
            };
        }
    };
    let usable = account.flaws.is_empty();
    findings.extend(definitions::look(&account));
    let record = PluginRecord {
        built_in: false,
        ..account.record
    };
    if usable {
        findings.extend(payloads::look(&runtime, &record));
    }
    Examination {
        record: usable.then_some(record),
        findings,
    }
}
