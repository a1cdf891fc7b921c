//! What a plugin did wrong: never the caller's mistake, and never a reason for the host to stop.

use std::fmt;

/// What stands in a fault for the function, before any was called.
pub(crate) const LOAD: &str = "load";

/// Which promise of the contract was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The guest trapped: a panic, an unreachable, a stack that overflowed.
    Trap,
    /// The call used up its fuel.
    Fuel,
    /// The call computed longer than its deadline.
    Deadline,
    /// The instance wanted more memory than its limit.
    Memory,
    /// The answer breaks the contract: too large, no JSON, against the plugin's own schema.
    BadOutput,
    /// The component cannot be used at all.
    Load,
    /// The plugin itself said that it could not do its job.
    Plugin {
        /// Its code: `unknown-tool`, `unsupported`, `denied`, `internal` or one of its own.
        code: String,
    },
}

impl FaultKind {
    /// The kind as one word, for logs and tables.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Trap => "trap",
            Self::Fuel => "fuel",
            Self::Deadline => "deadline",
            Self::Memory => "memory",
            Self::BadOutput => "bad-output",
            Self::Load => "load",
            Self::Plugin { code } => code,
        }
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Fuel | Self::Deadline | Self::Memory => {
                "a smaller payload may do; its author can tell what it needs"
            }
            Self::Load => "`sparkq plugin inspect FILE` shows what a component wants and has",
            Self::Trap | Self::BadOutput | Self::Plugin { .. } => "tell its author",
        }
    }
}

/// A plugin that broke its contract. Displayed as one sentence that names plugin, function, limit and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The plugin's name.
    pub plugin: String,
    /// Its version, where it got so far as to tell.
    pub version: Option<String>,
    /// The function of the contract that was called: `payloads.validate`; `load` before any.
    pub function: &'static str,
    /// Which promise was broken.
    pub kind: FaultKind,
    /// What happened, as a lower-case fragment.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            plugin,
            version,
            function,
            kind,
            message,
        } = self;
        let version = version
            .as_ref()
            .map(|version| format!(" {version}"))
            .unwrap_or_default();
        let help = kind.help();
        write!(
            f,
            "plugin `{plugin}`{version} failed in `{function}`: {message} [{}]; {help}",
            kind.word()
        )
    }
}

impl std::error::Error for Fault {}
