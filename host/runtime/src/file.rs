//! One installed component: where it lies, what it may use and what it was granted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::limits::Limits;

/// One installed component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginFile {
    /// The name it is installed under.
    pub name: String,
    /// SHA-256 that the component must have, 64 lower-case hex digits.
    pub digest: String,
    /// The component itself.
    pub source: Source,
    /// What one call may use.
    pub limits: Limits,
    /// How many calls share an instance.
    pub isolation: Isolation,
    /// The plugin's own table of settings, a JSON object as text.
    pub config: String,
    /// What the user allowed it; not in force while it describes itself.
    pub grants: Grants,
}

/// Where a component lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the program.
    Bytes(Cow<'static, [u8]>),
    /// In a file, which is read, and held to its digest, at the plugin's first call.
    File(PathBuf),
}

/// How many calls share an instance. Answers must not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Isolation {
    /// A warm instance serves many.
    #[default]
    Reuse,
    /// Each has one of its own.
    Call,
}

/// What a plugin may see of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    /// Folders that it may read, by the name of the grant; absolute paths without links.
    pub files: BTreeMap<String, PathBuf>,
    /// Its environment.
    pub env: BTreeMap<String, String>,
}

impl PluginFile {
    /// A component with the limits that all start from, no settings and no grants.
    pub fn new(
        name: impl Into<String>,
        digest: impl Into<String>,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Self {
        Self {
            name: name.into(),
            digest: digest.into(),
            source: Source::Bytes(bytes.into()),
            limits: Limits::default(),
            isolation: Isolation::default(),
            config: "{}".to_owned(),
            grants: Grants::default(),
        }
    }
}
