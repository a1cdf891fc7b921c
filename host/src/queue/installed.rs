//! Which plugins the project has, and which of them may be called: those that came with SparkQ, and those of `sparkq.toml`
//! that the user of this machine has consented to.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use sparkq_core::wire::{PluginFaults, PluginState};
use sparkq_core::{Code, PluginRecord, Refusal, Time};
use sparkq_runtime::{Fault, Grants, Isolation, JournalLine, Limits, PluginFile, Runtime, Source};

use super::Error;
use super::plugins::settings;
use crate::assets;
use crate::config::{Isolation as IsolationKey, PluginTable, Project};
use crate::consent::{self, Admission};

/// One plugin of the project.
#[derive(Debug, Clone)]
pub(super) struct Installed {
    pub(super) name: String,
    /// SHA-256 that its component has, or must have.
    pub(super) digest: String,
    pub(super) built_in: bool,
    /// Its component, as `sparkq.toml` names it.
    pub(super) path: Option<String>,
    /// What it is granted.
    pub(super) grants: Vec<String>,
    /// What it said, if it may be called.
    pub(super) said: Result<PluginRecord, No>,
}

/// Why a plugin is not called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct No {
    pub(super) state: PluginState,
    /// A sentence that names the plugin.
    pub(super) why: String,
    pub(super) hint: Option<String>,
}

impl No {
    /// The refusal of everything that needs the plugin.
    pub(super) fn refusal(&self) -> Refusal {
        Refusal::PluginUnusable {
            code: match self.state {
                PluginState::NotApproved => Code::PluginNotApproved,
                PluginState::Quarantined => Code::PluginQuarantined,
                PluginState::Broken | PluginState::Loaded => Code::PluginBroken,
            },
            why: self.why.clone(),
            hint: self.hint.clone(),
        }
    }

    /// Why, with what helps.
    pub(super) fn sentence(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.why),
            None => self.why.clone(),
        }
    }

    fn broken(why: String, hint: impl Into<Option<String>>) -> Self {
        Self {
            state: PluginState::Broken,
            why,
            hint: hint.into(),
        }
    }

    fn not_approved(name: &str, why: String) -> Self {
        Self {
            state: PluginState::NotApproved,
            why,
            hint: Some(format!("sparkq plugin approve {name}")),
        }
    }
}

/// All plugins of a project, and a runtime of those that may be called.
#[derive(Debug)]
pub(super) struct Roster {
    pub(super) installed: Vec<Installed>,
    pub(super) runtime: Arc<Runtime>,
    /// The faults of plugins that were asked what they define, with the digest of each.
    pub(super) faults: Vec<(String, Fault)>,
    /// What plugins logged while they were asked.
    pub(super) journal: Vec<JournalLine>,
}

impl Roster {
    /// What the plugins that may be called said.
    pub(super) fn records(&self) -> Vec<PluginRecord> {
        let said = self.installed.iter();
        said.filter_map(|plugin| plugin.said.clone().ok()).collect()
    }

    /// Finds out. `kept` is what plugins said earlier; only those that are not among them are asked, and only what came
    /// with SparkQ must be able to answer. `before` is kept in use, warm as it is, where the plugins are the same.
    pub(super) fn of(
        project: &Project,
        kept: &[PluginRecord],
        faults: &[PluginFaults],
        now: Time,
        before: Option<&Arc<Runtime>>,
    ) -> Result<Self, Error> {
        let mut muster = Muster {
            kept,
            faults,
            now,
            probe: None,
            found: Vec::new(),
            journal: Vec::new(),
        };
        let mut installed = Vec::new();
        let mut files = Vec::new();
        for mut file in assets::plugins() {
            let said = muster.said(&file)?;
            let grants = grant_own(&mut file, &said, project);
            installed.push(Installed {
                name: file.name.clone(),
                digest: file.digest.clone(),
                built_in: true,
                path: None,
                grants,
                said: Ok(PluginRecord {
                    built_in: true,
                    ..said
                }),
            });
            files.push(file);
        }
        for (name, table) in &project.config.plugins {
            let said = candidate(project, name, table)
                .and_then(|(file, admission)| muster.admit(file, table, &admission));
            let mut grants = Vec::new();
            let said = said.map(|(file, said)| {
                let granted =
                    |grant: &String| grant.starts_with("limits:") || asks_for(&said, grant);
                grants = consent::grants(table).into_iter().filter(granted).collect();
                // One that is left alone keeps its tools, which are refused, and reads no scripts.
                if muster.left_alone(&file).is_none() {
                    files.push(file);
                }
                said
            });
            installed.push(Installed {
                name: name.clone(),
                digest: table.sha256.clone(),
                built_in: false,
                path: Some(table.path.display().to_string()),
                grants,
                said,
            });
        }
        let same = |runtime: &&Arc<Runtime>| runtime.plugins().eq(files.iter());
        let (faults, mut journal) = (muster.found, muster.journal);
        journal.extend(muster.probe.iter().flat_map(|probe| probe.take_journal()));
        let runtime = match before.filter(same) {
            Some(before) => Arc::clone(before),
            None => muster
                .probe
                .filter(|probe| same(&probe))
                .unwrap_or_else(|| Arc::new(Runtime::new(settings(), files))),
        };
        Ok(Self {
            installed,
            runtime,
            faults,
            journal,
        })
    }
}

/// The plugins while they are gathered.
struct Muster<'a> {
    kept: &'a [PluginRecord],
    faults: &'a [PluginFaults],
    now: Time,
    /// The plugins that had to be asked.
    probe: Option<Arc<Runtime>>,
    found: Vec<(String, Fault)>,
    journal: Vec<JournalLine>,
}

impl Muster<'_> {
    /// What a plugin says, from what was kept or from itself.
    fn said(&mut self, file: &PluginFile) -> Result<PluginRecord, Fault> {
        if let Some(kept) = self.kept_of(file) {
            return Ok(kept.clone());
        }
        if let Some(probe) = &self.probe {
            self.journal.extend(probe.take_journal());
        }
        let known: Vec<PluginFile> = self
            .probe
            .iter()
            .flat_map(|probe| probe.plugins().cloned())
            .chain([file.clone()])
            .collect();
        let probe = Arc::new(Runtime::new(settings(), known));
        let said = probe.describe(&file.name);
        self.probe = Some(probe);
        said
    }

    /// What a plugin of others says, if that is what was consented to.
    fn admit(
        &mut self,
        mut file: PluginFile,
        table: &PluginTable,
        admission: &Admission,
    ) -> Result<(PluginFile, PluginRecord), No> {
        let name = &file.name;
        let said = match (self.kept_of(&file), self.left_alone(&file)) {
            (None, Some(faults)) => return Err(quarantined(faults)),
            _ => self.said(&file),
        };
        let said = said.map_err(|fault| {
            let no = No::broken(fault.to_string(), format!("sparkq plugin logs {name}"));
            self.found.push((file.digest.clone(), fault));
            no
        })?;
        if !admission.covers(&said) {
            let why = format!(
                "plugin `{name}` says something else of itself or its tools than was approved on this machine"
            );
            return Err(No::not_approved(name, why));
        }
        let missing = said
            .about
            .needs
            .iter()
            .find(|need| !need.optional && !table.allow.contains(&need.grant));
        if let Some(need) = missing {
            let grant = &need.grant;
            let why = format!(
                "plugin `{name}` needs `{grant}`, which [plugins.{name}] allow in sparkq.toml does not list"
            );
            let hint = format!("add \"{grant}\" to allow, then: sparkq plugin approve {name}");
            return Err(No::broken(why, hint));
        }
        // What it does not ask for it is not granted, whatever `sparkq.toml` allows.
        let asks = |kind: &str, name: &String| asks_for(&said, &format!("{kind}:{name}"));
        file.grants.files.retain(|name, _| asks("files", name));
        file.grants.env.retain(|name, _| asks("env", name));
        Ok((file, said))
    }

    fn left_alone(&self, file: &PluginFile) -> Option<&PluginFaults> {
        self.faults.iter().find(|faults| {
            faults.plugin == file.name
                && faults.digest == file.digest
                && faults.is_quarantined(self.now)
        })
    }

    fn kept_of(&self, file: &PluginFile) -> Option<&PluginRecord> {
        self.kept.iter().find(|kept| {
            kept.name == file.name && kept.digest == file.digest && kept.config == file.config
        })
    }
}

/// Whether a plugin asks for a grant, as `sparkq.toml` or as a consent spells it.
fn asks_for(said: &PluginRecord, grant: &str) -> bool {
    let mut needs = said.about.needs.iter();
    let grant = grant.split('=').next().unwrap_or(grant);
    needs.any(|need| need.grant == grant)
}

/// The refusal of a plugin that is left alone.
pub(super) fn quarantined(faults: &PluginFaults) -> No {
    let PluginFaults { plugin, fault, .. } = faults;
    let until = faults.until.unwrap_or(faults.at);
    No {
        state: PluginState::Quarantined,
        why: format!(
            "plugin `{plugin}` failed {} times in a row and is left alone until {until}; the last time: {fault}",
            faults.in_row
        ),
        hint: Some(format!(
            "see what it did: sparkq plugin logs {plugin}; to try it now: sparkq reload"
        )),
    }
}

/// The plugin that a table of `sparkq.toml` names, if it was consented to as far as that is known before it is asked
/// anything.
pub(super) fn candidate(
    project: &Project,
    name: &str,
    table: &PluginTable,
) -> Result<(PluginFile, Admission), No> {
    if assets::plugins().iter().any(|file| file.name == name) {
        let why = format!("plugin `{name}` is not loaded: one that came with SparkQ has this name");
        return Err(No::broken(
            why,
            format!("give [plugins.{name}] in sparkq.toml another name"),
        ));
    }
    let admission =
        consent::admits(project, name, table).map_err(|why| No::not_approved(name, why))?;
    let file = file(project, name, table)
        .map_err(|why| No::broken(format!("plugin `{name}` is not loaded: {why}"), None))?;
    Ok((file, admission))
}

/// The plugin as `sparkq.toml` has it, whoever consented to what. The error is a fragment.
pub(super) fn file(
    project: &Project,
    name: &str,
    table: &PluginTable,
) -> Result<PluginFile, String> {
    let path = project.root().join(&table.path);
    if !path.is_file() {
        return Err(format!("there is no file {}", path.display()));
    }
    let root = fs::canonicalize(project.root()).unwrap_or_else(|_| project.root().to_path_buf());
    if !fs::canonicalize(&path).is_ok_and(|path| path.starts_with(root)) {
        return Err(format!("{} leads out of the project", path.display()));
    }
    let defaults = Limits::default();
    let limits = Limits {
        fuel: table.limits.fuel.unwrap_or(defaults.fuel),
        deadline: table
            .limits
            .deadline_ms
            .map_or(defaults.deadline, |ms| Duration::from_millis(u64::from(ms))),
        memory: table
            .limits
            .memory_mib
            .map_or(defaults.memory, |mib| mib as usize * (1 << 20)),
        ..defaults
    };
    Ok(PluginFile {
        name: name.to_owned(),
        digest: table.sha256.clone(),
        source: Source::File(path),
        limits,
        isolation: match table.isolation {
            IsolationKey::Reuse => Isolation::Reuse,
            IsolationKey::Call => Isolation::Call,
        },
        config: settings_of(&table.config),
        grants: Grants {
            files: folders(project, table)?,
            env: variables(table),
        },
    })
}

/// What a plugin that came with SparkQ may ask for: the project's folder, to read.
const PROJECT: &str = "project";

/// Grants a plugin that came with SparkQ what it asks for, as far as it may: whoever installed SparkQ has consented. Tells
/// what that is.
fn grant_own(file: &mut PluginFile, said: &PluginRecord, project: &Project) -> Vec<String> {
    let grant = format!("files:{PROJECT}");
    let asks = said.about.needs.iter().any(|need| need.grant == grant);
    match fs::canonicalize(project.root()) {
        Ok(root) if asks => {
            file.grants.files = BTreeMap::from([(PROJECT.to_owned(), root)]);
            vec![grant]
        }
        _ => Vec::new(),
    }
}

/// The folder behind each `files:` grant, which lies inside the project, links followed.
fn folders(project: &Project, table: &PluginTable) -> Result<BTreeMap<String, PathBuf>, String> {
    let root = fs::canonicalize(project.root()).unwrap_or_else(|_| project.root().to_path_buf());
    let names = table
        .allow
        .iter()
        .filter_map(|grant| grant.strip_prefix("files:"));
    let mut folders = BTreeMap::new();
    for name in names {
        let Some(folder) = table.files.get(name) else {
            return Err(format!(
                "it is granted `files:{name}`, and its table says no folder for it, as in files = {{ {name} = \"{name}\" }}"
            ));
        };
        let found = fs::canonicalize(root.join(folder))
            .map_err(|error| format!("files.{name}: `{}`: {error}", folder.display()))?;
        if !found.starts_with(&root) || !found.is_dir() {
            return Err(format!(
                "files.{name}: `{}` is no folder inside the project",
                folder.display()
            ));
        }
        if holds_queue(project, &found) {
            return Err(format!(
                "files.{name}: `{}` holds the queue itself, with its keys; name a folder inside it",
                folder.display()
            ));
        }
        // Whoever changes where a link leads would change what was consented to.
        let plain: PathBuf = folder
            .components()
            .filter(|part| *part != Component::CurDir)
            .collect();
        if found != root.join(&plain) && !plain.as_os_str().is_empty() {
            return Err(format!(
                "files.{name}: `{}` is reached by a link; name the folder itself",
                folder.display()
            ));
        }
        folders.insert(name.to_owned(), found);
    }
    Ok(folders)
}

/// Whether the queue's own files lie in a folder, or it in theirs: what is there is nobody's to read.
pub(crate) fn holds_queue(project: &Project, folder: &Path) -> bool {
    let real = |path: PathBuf| fs::canonicalize(&path).unwrap_or(path);
    let (database, run) = (real(project.database()), project.run_folder());
    let own = run.parent().map_or(run.clone(), Path::to_path_buf);
    let own = real(own);
    database.starts_with(folder) || own.starts_with(folder) || folder.starts_with(own)
}

/// The variables behind each `env:` grant, as far as they are set.
fn variables(table: &PluginTable) -> BTreeMap<String, String> {
    let names = table
        .allow
        .iter()
        .filter_map(|grant| grant.strip_prefix("env:"));
    names
        .filter_map(|name| Some((name.to_owned(), env::var(name).ok()?)))
        .collect()
}

/// A table of settings as JSON; what JSON has no word for, a date for one, is the text that it is written as.
pub(crate) fn settings_of(table: &toml::Table) -> String {
    fn value_of(value: &toml::Value) -> Value {
        match value {
            toml::Value::String(text) => text.as_str().into(),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Float(number) => serde_json::Number::from_f64(*number)
                .map_or_else(|| number.to_string().into(), Value::Number),
            toml::Value::Boolean(is) => (*is).into(),
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(items) => items.iter().map(value_of).collect(),
            toml::Value::Table(table) => object(table).into(),
        }
    }
    fn object(table: &toml::Table) -> Map<String, Value> {
        let entries = table.iter();
        entries
            .map(|(key, inner)| (key.clone(), value_of(inner)))
            .collect()
    }
    Value::Object(object(table)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_reach_a_plugin_as_json_with_dates_as_they_are_written() {
        let table =
            "region = 'eu'\nwhen = 2026-01-05\nlimit = nan\nall = [1, 2.5, true]\n[deep]\nx = 1\n";
        let table: toml::Table = table.parse().expect("a table");
        let json: Value = serde_json::from_str(&settings_of(&table)).expect("JSON");
        assert_eq!(
            json,
            serde_json::json!({
                "region": "eu", "when": "2026-01-05", "limit": "NaN", "all": [1, 2.5, true], "deep": {"x": 1},
            })
        );
    }
}
