//! What installing, approving and updating have in common: reading a component, asking it in the sandbox, and writing
//! `sparkq.toml`.

use std::collections::btree_map::Entry;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use sparkq_core::{Code, PluginRecord, Refusal};
use tempfile::NamedTempFile;

use crate::assets::hex;
use crate::cli::door::{Door, Here};
use crate::cli::setup::files;
use crate::cli::ui::{Problem, Ui, complain, visible};
use crate::config::{Draft, PluginTable, Project, word};
use crate::kit;
use crate::queue::{holds_queue, settings_of};

use super::consent;

/// A component that was read, and its hash.
pub(super) struct Component {
    bytes: Vec<u8>,
    pub(super) digest: String,
}

impl Component {
    pub(super) fn read(path: &Path) -> Result<Self, Refusal> {
        let bytes = kit::read("FILE", path)?;
        let digest = hex(&Sha256::digest(&bytes));
        Ok(Self { bytes, digest })
    }

    /// Puts it into the project in one go. What is there already stays, unless this `replaces` it or is the same.
    pub(super) fn put(&self, to: &Path, replaces: bool) -> Result<(), Refusal> {
        let failed = |why: String| Refusal::Project {
            code: Code::InvalidValue,
            message: format!("the component cannot be put at {}: {why}", to.display()),
            hint: if replaces {
                String::new()
            } else {
                "put it into the project yourself, and add it from there".to_owned()
            },
        };
        if !replaces && fs::symlink_metadata(to).is_ok() {
            return match kit::read("FILE", to) {
                Ok(there) if there == self.bytes => Ok(()),
                _ => Err(failed("another file is there".to_owned())),
            };
        }
        let folder = to.parent().unwrap_or(to);
        let write = || {
            fs::create_dir_all(folder)?;
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(&self.bytes)?;
            file.as_file().sync_all()?;
            if replaces {
                file.persist(to)?;
            } else {
                file.persist_noclobber(to)?;
            }
            std::io::Result::Ok(())
        };
        write().map_err(|error| failed(error.to_string()))
    }

    /// What it says of itself, asked in the sandbox and with nothing granted, unless something in it would not work.
    pub(super) fn said(
        &self,
        name: &str,
        table: &PluginTable,
        ui: &Ui,
    ) -> Result<PluginRecord, Problem> {
        let spinner = ui.spinner(format!("Compiling {name}"));
        let examination = kit::examine(&self.bytes, name, &settings_of(&table.config));
        spinner.finish_and_clear();
        // Names are looked at with what this project makes of them.
        let stops = |found: &&kit::Finding| found.is_error() && found.code != kit::TAKEN;
        let errors = examination.findings.iter().filter(stops);
        let errors: Vec<_> = errors.map(|found| format!("\n{found}")).collect();
        match examination.record {
            Some(said) if errors.is_empty() => Ok(said),
            _ => Err(Refusal::Project {
                code: Code::PluginUnfit,
                message: format!("plugin `{name}` would not work{}", errors.concat()),
                hint: "tell its author; everything that is found in it: sparkq plugin check FILE"
                    .to_owned(),
            }
            .into()),
        }
    }
}

/// Refuses tools whose names are taken, unless `sparkq.toml` gives them others.
pub(super) fn check_names(here: &Here, said: &PluginRecord) -> Result<(), Problem> {
    let project = here.project();
    let tools = crate::cli::door::wait(here.file()?.tools())?;
    for tool in &said.tools {
        let name = &tool.name;
        let full = format!("{}/{name}", said.name);
        let mut aliases = project.config.tools.values();
        let has_another = aliases.any(|alias| alias.uses.as_deref() == Some(&full));
        let other = |other: &&sparkq_core::wire::Tool| {
            other.definition.name == *name && other.plugin_name() != said.name
        };
        if let Some(other) = tools.iter().find(other).filter(|_| !has_another) {
            let plugin = other.plugin_name();
            return Err(Refusal::Project {
                code: Code::NameTaken,
                message: format!("tool `{name}` is there already, from plugin `{plugin}`"),
                hint: format!(
                    "give this one another name in sparkq.toml first, then try again:\n[tools.NAME]\nuses = \"{full}\""
                ),
            }
            .into());
        }
    }
    Ok(())
}

/// Fills in what the plugin asks for: what it needs, what it would like where the person agrees, and the folder behind
/// each `files:` grant.
pub(super) fn grant(
    project: &Project,
    table: &mut PluginTable,
    said: &PluginRecord,
) -> Result<(), Problem> {
    for need in &said.about.needs {
        let grant = &need.grant;
        let folder = grant.strip_prefix("files:");
        if folder.is_none() && !grant.starts_with("env:") {
            return Err(Refusal::Project {
                code: Code::PluginBroken,
                message: format!(
                    "plugin `{}` asks for `{}`, and there are grants `files:NAME` and `env:NAME` alone",
                    said.name,
                    visible(grant)
                ),
                hint: "tell its author".to_owned(),
            }
            .into());
        }
        if table.allow.contains(grant) {
            continue;
        }
        if need.optional {
            complain(&visible(&format!(
                "Plugin `{}` would like {grant}, and works without:\n    | {}",
                said.name, need.why
            )));
            if consent::answer("Type yes to grant it: ")?.trim() != "yes" {
                continue;
            }
        }
        table.allow.push(grant.clone());
    }
    let names: Vec<String> = table
        .allow
        .iter()
        .filter_map(|grant| grant.strip_prefix("files:").map(str::to_owned))
        .collect();
    for name in names {
        if let Entry::Vacant(place) = table.files.entry(name) {
            let folder = folder(project, &said.name, place.key())?;
            place.insert(folder);
        }
    }
    Ok(())
}

/// Asks for the folder behind a `files:` grant until there is one.
fn folder(project: &Project, plugin: &str, name: &str) -> Result<PathBuf, Problem> {
    let root = fs::canonicalize(project.root()).unwrap_or_else(|_| project.root().to_path_buf());
    loop {
        let question = format!("Which folder may `{plugin}` read as `{name}`? [{name}] ");
        let typed = consent::answer(&question)?;
        if typed.is_empty() {
            return Err(not_consented(plugin).into());
        }
        let typed = match typed.trim() {
            "" => name,
            typed => typed,
        };
        let found = fs::canonicalize(root.join(typed)).ok();
        let inside = found.filter(|found| found.is_dir() && found.starts_with(&root));
        match inside
            .as_ref()
            .and_then(|found| found.strip_prefix(&root).ok())
        {
            Some(path) if holds_queue(project, &root.join(path)) => complain(&visible(&format!(
                "`{typed}` holds the queue itself, with its keys; name a folder inside it"
            ))),
            Some(path) => return Ok(path.to_path_buf()),
            None => complain(&visible(&format!(
                "`{typed}` is no folder inside the project"
            ))),
        }
    }
}

/// Nothing was changed, because nobody said yes.
pub(super) fn not_consented(name: &str) -> Refusal {
    Refusal::Project {
        code: Code::PluginNotApproved,
        message: format!("plugin `{name}` was not approved, and nothing was changed"),
        hint: String::new(),
    }
}

/// Writes `sparkq.toml` with a change, if it still reads as a project then.
pub(super) fn write(project: &Project, change: impl FnOnce(&mut Draft)) -> Result<(), Problem> {
    let file = &project.file;
    let failed = |error: std::io::Error| {
        Problem::from(Refusal::Project {
            code: Code::ConfigInvalid,
            message: format!("{} cannot be written: {error}", file.display()),
            hint: String::new(),
        })
    };
    let text = fs::read_to_string(file).map_err(failed)?;
    let mut draft = Draft::of(&text);
    change(&mut draft);
    let new = draft.text();
    if new == text {
        return Ok(());
    }
    Project::of(&new, file)?;
    files::replace(&files::followed(file), &new, 0o600).map_err(failed)
}

/// Has a live server take over what has changed, and the catalogue follow where there is none. Gives the door back for
/// what is asked next.
pub(super) fn take_over(here: &Here, ui: &Ui) -> Result<Door, Problem> {
    let here = Here::find(Some(&here.project().file), here.is_direct())?;
    let door = Door::Here(here);
    let (reloaded, _) = door.reload()?;
    for warning in &reloaded.warnings {
        ui.status(format_args!("Warning: {warning}"));
    }
    Ok(door)
}

/// Shows a plugin as it is now.
pub(super) fn show(door: &Door, name: &str, ui: &Ui) -> Result<(), Problem> {
    let mut plugins = door.plugins()?.items.into_iter();
    let plugin = plugins.find(|plugin| plugin.name == name);
    if ui.wants_json() {
        return plugin.map_or(Ok(()), |plugin| ui.json(&plugin));
    }
    ui.line(name)?;
    if let Some(plugin) = plugin {
        if let Some(why) = plugin.why {
            let hint = plugin.hint.map(|hint| format!("\nHint: {hint}"));
            ui.warn(format_args!("{why}{}", hint.unwrap_or_default()));
        } else {
            ui.status(format_args!("Tools: {}.", plugin.tools.join(", ")));
        }
    }
    Ok(())
}

/// The table of a plugin in `sparkq.toml`.
pub(super) fn table(project: &Project, name: &str) -> Result<PluginTable, Refusal> {
    let plugins = &project.config.plugins;
    plugins
        .get(name)
        .cloned()
        .ok_or_else(|| Refusal::PluginNotFound {
            given: name.to_owned(),
            known: sparkq_core::nearest::nearest(name, plugins.keys()),
        })
}

/// The path of `file` as `sparkq.toml` has it, if it lies inside the project.
pub(super) fn inside(project: &Project, file: &Path) -> Option<PathBuf> {
    let root = fs::canonicalize(project.root()).ok()?;
    let file = fs::canonicalize(file).ok()?;
    file.strip_prefix(root).ok().map(Path::to_path_buf)
}

/// `sparkq plugin VERB` with an argument, to be pasted.
pub(super) fn command(verb: &str, argument: &str) -> String {
    format!("sparkq plugin {verb} {}", word(argument))
}
