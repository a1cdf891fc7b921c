//! What the user of this machine has consented to: which plugin, what it defines and what it is granted. Kept outside
//! every repository, because a file that comes with one can only ask.

mod file;
mod shown;

use std::collections::BTreeSet;
use std::env;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sparkq_core::PluginRecord;
use sparkq_runtime::Limits;

use crate::assets::hex;
use crate::config::{LimitsTable, PluginTable, Project};

pub(crate) use file::Consents;
pub(crate) use shown::{definitions, differences};

/// The environment's word for plugins that need no consent here, by their SHA-256.
const VARIABLE: &str = "SPARKQ_APPROVE";

/// One consent: everything that was shown when it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Approval {
    /// The project's folder.
    pub(crate) project: String,
    /// The name that the plugin is installed under.
    pub(crate) plugin: String,
    /// SHA-256 of its component.
    pub(crate) digest: String,
    /// SHA-256 of what it said of itself and of its tools.
    pub(crate) definitions: String,
    /// What it is granted, as [`grants`] spells it.
    pub(crate) grants: BTreeSet<String>,
    /// What it said, so that a later consent can show what has changed.
    pub(crate) said: PluginRecord,
}

impl Approval {
    /// The consent to `said`, installed as `table` in `project`.
    pub(crate) fn of(project: &Project, table: &PluginTable, said: &PluginRecord) -> Self {
        Self {
            project: folder(project),
            plugin: said.name.clone(),
            digest: table.sha256.clone(),
            definitions: fingerprint(said),
            grants: grants(table),
            said: said.clone(),
        }
    }
}

/// The project's folder, as consents name it.
fn folder(project: &Project) -> String {
    project.root().display().to_string()
}

/// What `sparkq.toml` grants a plugin, with the folder behind each `files:` grant, and each limit that it is raised
/// beyond: `env:REGION`, `files:infra=deploy`, `limits:memory_mib=4096`.
pub(crate) fn grants(table: &PluginTable) -> BTreeSet<String> {
    let spelled = |grant: &String| match grant.strip_prefix("files:") {
        Some(name) => {
            let folder = table.files.get(name).map(|path| path.display().to_string());
            format!("{grant}={}", folder.unwrap_or_default())
        }
        None => grant.clone(),
    };
    let raised = raised(&table.limits);
    table.allow.iter().map(spelled).chain(raised).collect()
}

/// The limits that are above what every plugin may use.
fn raised(limits: &LimitsTable) -> impl Iterator<Item = String> {
    let usual = Limits::default();
    let mib = u64::try_from(usual.memory >> 20).unwrap_or(u64::MAX);
    let ms = u64::try_from(usual.deadline.as_millis()).unwrap_or(u64::MAX);
    let all = [
        ("fuel", limits.fuel, usual.fuel),
        ("memory_mib", limits.memory_mib.map(u64::from), mib),
        ("deadline_ms", limits.deadline_ms.map(u64::from), ms),
    ];
    all.into_iter().filter_map(|(name, limit, usual)| {
        let raised = limit.filter(|limit| *limit > usual)?;
        Some(format!("limits:{name}={raised}"))
    })
}

/// What a plugin says of itself and of its tools, as one hash.
pub(crate) fn fingerprint(said: &PluginRecord) -> String {
    let said = (&said.version, &said.about, said.judges, &said.tools);
    // These types are made of text, numbers and lists: they can always be written. As a value, because a document that
    // was kept may spell the same characters otherwise than the plugin did.
    let value = serde_json::to_value(said).unwrap_or_default();
    hex(&Sha256::digest(value.to_string()))
}

/// Whether the environment vouches for a component: `SPARKQ_APPROVE` names digests, with commas between them.
pub(crate) fn is_vouched_for(digest: &str) -> bool {
    let named = env::var(VARIABLE).unwrap_or_default();
    named
        .split(',')
        .any(|named| named.trim().eq_ignore_ascii_case(digest))
}

/// Whether a plugin was consented to, as far as that can be told before it is asked anything.
pub(crate) fn admits(
    project: &Project,
    name: &str,
    table: &PluginTable,
) -> Result<Admission, String> {
    if is_vouched_for(&table.sha256) {
        return Ok(Admission::Vouched);
    }
    let consents = Consents::read()?;
    let Some(approval) = consents.find(project.root(), name) else {
        return Err(format!("plugin `{name}` is not approved on this machine"));
    };
    if approval.digest != table.sha256 {
        return Err(format!(
            "plugin `{name}` is another component than the one that was approved on this machine"
        ));
    }
    if approval.grants != grants(table) {
        return Err(format!(
            "plugin `{name}` is granted something else than was approved on this machine"
        ));
    }
    Ok(Admission::Said(approval.definitions.clone()))
}

/// How far a consent goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The environment names the component: whatever it says.
    Vouched,
    /// As long as what it says of itself and its tools has this fingerprint.
    Said(String),
}

impl Admission {
    /// Whether it is still in force for a plugin that says this.
    pub(crate) fn covers(&self, said: &PluginRecord) -> bool {
        match self {
            Self::Vouched => true,
            Self::Said(approved) => *approved == fingerprint(said),
        }
    }
}

impl Consents {
    /// The consent to a plugin of the project in `root`.
    pub(crate) fn find(&self, root: &Path, name: &str) -> Option<&Approval> {
        let root = root.display().to_string();
        self.approvals()
            .iter()
            .find(|approval| approval.project == root && approval.plugin == name)
    }
}
