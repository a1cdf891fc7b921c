//! How one test of a plugin went.

use std::fmt;

use serde::Serialize;
use sparkq_runtime::Runtime;

use super::log::lines;

/// How one test went.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outcome {
    /// What was tested: a case's file, or a property.
    pub(crate) name: String,
    /// Whether all was as it should be.
    pub(crate) ok: bool,
    /// What was not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) differences: Vec<String>,
    /// What the plugin wrote meanwhile, where it went wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) log: Vec<String>,
}

impl Outcome {
    /// The outcome of a test that found these differences; the log is taken from `runtime`.
    pub(super) fn of(
        name: impl Into<String>,
        differences: Vec<String>,
        runtime: Option<&Runtime>,
    ) -> Self {
        let log = runtime.map(lines).unwrap_or_default();
        let ok = differences.is_empty();
        Self {
            name: name.into(),
            ok,
            differences,
            log: if ok { Vec::new() } else { log },
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.ok { "ok" } else { "FAILED" };
        write!(f, "{word:<7} {}", self.name)?;
        for difference in &self.differences {
            write!(f, "\n        {}", difference.replace('\n', "\n        "))?;
        }
        for line in &self.log {
            write!(f, "\n        log: {line}")?;
        }
        Ok(())
    }
}
