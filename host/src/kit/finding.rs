//! One thing that a plugin's author should know, with what to do about it.

use std::fmt;

use serde::Serialize;
use sparkq_core::Severity;

/// One thing that a plugin's author should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// How much it matters; an error stops `plugin add`.
    pub(crate) severity: Severity,
    /// What it is about: `component`, `about`, `tool NAME`, `scripts`.
    pub(crate) place: String,
    /// Stable and machine-readable, in kebab-case.
    pub(crate) code: String,
    /// What was found, as a lower-case fragment.
    pub(crate) message: String,
    /// What to do about it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<String>,
    /// What the plugin wrote meanwhile, where a call of it went wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) log: Vec<String>,
}

impl Finding {
    pub(crate) fn new(
        severity: Severity,
        place: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        let fix: String = fix.into();
        Self {
            severity,
            place: place.into(),
            code: code.into(),
            message: message.into(),
            fix: Some(fix).filter(|fix| !fix.is_empty()),
            log: Vec::new(),
        }
    }

    /// The same with what the plugin wrote.
    pub(super) fn with_log(self, log: Vec<String>) -> Self {
        Self { log, ..self }
    }

    /// Whether the plugin cannot be used with it.
    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = word(self.severity);
        let Self {
            place,
            code,
            message,
            ..
        } = self;
        write!(f, "{severity} {place}: {message} [{code}]")?;
        for line in &self.log {
            write!(f, "\n  log: {line}")?;
        }
        match &self.fix {
            Some(fix) => write!(f, "\n  fix: {fix}"),
            None => Ok(()),
        }
    }
}

/// A severity as it is printed.
pub(super) const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
