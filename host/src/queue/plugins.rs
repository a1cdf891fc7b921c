//! The plugins as the queue needs them: which tool is whose, and whether a payload is fit for it.
//!
//! What a plugin says of its tools is kept in the store by digest, so learning a tool's name starts no plugin,
//! and nothing here touches wasmtime before a payload is to be checked.

use std::env;
use std::panic::resume_unwind;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread;

use sparkq_core::wire::{Complete, PluginFaults};
use sparkq_core::{Limits, PluginRecord, Refusal, Script, Time};
use sparkq_runtime::{Aside, CheckError, Checked, Compiler, Fault, Index, Runtime, Settings};
use sparkq_store::{SavePlugins, SaveScripts};

use super::catalogue::{Catalogue, Entry};
use super::health::lock;
use super::installed::{Installed, No, Roster};
use super::{Current, Error, Queue};
use crate::config::Project;

/// The longest payload that is checked where its request is handled, in bytes: some tens of microseconds' work.
const SHORT: usize = 16 * 1024;

/// How soon a plugin that failed while it was asked what it is may be asked again, in milliseconds.
const SOON: i64 = 60_000;

/// How many payloads are worth a thread of their own.
const MANY: usize = 100;

/// The plugins of one project.
#[derive(Debug)]
pub(super) struct Plugins {
    project: Arc<Project>,
    known: RwLock<Option<Arc<Known>>>,
    /// The runtime that was in use before a reload.
    before: Option<Arc<Runtime>>,
    /// Whether a reload looks what it would come to: nothing is kept yet, and every plugin is tried again.
    on_trial: AtomicBool,
    /// The plugins whose last call failed.
    pub(super) faults: Mutex<Vec<PluginFaults>>,
}

/// What is known of the plugins, once somebody has asked.
#[derive(Debug)]
pub(super) struct Known {
    /// The tools of those that may be called.
    pub(super) catalogue: Catalogue,
    /// All of them.
    pub(super) installed: Vec<Installed>,
    /// Those that may be called, and none that is left alone.
    pub(super) runtime: Arc<Runtime>,
    /// When the first of those that are left alone may be called again.
    until: Option<Time>,
    index: OnceLock<Arc<Index>>,
}

impl Known {
    /// The tool of this name, or why there is none: the plugin that should have it may not be called.
    pub(super) fn entry(&self, name: &str, project: &Project) -> Result<&Entry, Refusal> {
        self.catalogue.entry(name).map_err(|refusal| {
            let alias = project.config.tools.get(name);
            let wanted = alias
                .and_then(|alias| alias.uses.as_deref())
                .unwrap_or(name);
            let missing: Vec<_> = self
                .installed
                .iter()
                .filter(|plugin| plugin.said.is_err())
                .collect();
            let its = wanted.split_once('/').map(|(plugin, _)| plugin);
            for plugin in &missing {
                if let Err(no) = &plugin.said
                    && its == Some(plugin.name.as_str())
                {
                    return no.refusal();
                }
            }
            match refusal {
                Refusal::ToolNotFound { given, known, .. } => Refusal::ToolNotFound {
                    given,
                    known,
                    missing: missing.iter().map(|plugin| plugin.name.clone()).collect(),
                },
                other => other,
            }
        })
    }

    /// Why plugins are not loaded, a sentence each, with what helps.
    pub(super) fn refused(&self) -> impl Iterator<Item = String> {
        let said = self.installed.iter();
        said.filter_map(|plugin| plugin.said.as_ref().err())
            .map(No::sentence)
    }

    /// SHA-256 of the component of a plugin that did not come with SparkQ.
    pub(super) fn digest_of(&self, name: &str) -> Option<&str> {
        let mut installed = self.installed.iter();
        let plugin = installed.find(|plugin| plugin.name == name && !plugin.built_in)?;
        Some(&plugin.digest)
    }

    /// What the plugins that may be called said.
    pub(super) fn records(&self) -> Vec<PluginRecord> {
        let said = self.installed.iter();
        said.filter_map(|plugin| plugin.said.clone().ok()).collect()
    }

    /// Whether the plugin came with SparkQ.
    fn is_built_in(&self, name: &str) -> bool {
        let mut installed = self.installed.iter();
        installed.any(|plugin| plugin.built_in && plugin.name == name)
    }
}

/// A payload that its tool's plugin has passed.
pub(super) struct Passed {
    /// The tool, by the project's name for it.
    pub(super) tool: String,
    /// The plugin.
    pub(super) plugin: String,
    /// How the task names the plugin.
    pub(super) stamp: String,
    /// What plugin and project say of the tool's class and timeout, the weakest first.
    pub(super) tool_limits: [Limits; 2],
    /// What the plugin made of the payload.
    pub(super) checked: Checked,
}

impl Plugins {
    pub(super) fn new(project: Arc<Project>) -> Self {
        Self {
            project,
            known: RwLock::new(None),
            before: None,
            on_trial: AtomicBool::new(false),
            faults: Mutex::default(),
        }
    }

    /// The plugins of what has become of the project, warm as they are where they are the same. Nothing is known of
    /// them yet.
    pub(super) fn anew(&self, project: Arc<Project>) -> Self {
        let before = self.known().map(|known| Arc::clone(&known.runtime));
        Self {
            before,
            on_trial: AtomicBool::new(true),
            ..Self::new(project)
        }
    }

    /// What is known of them, once somebody has asked.
    pub(super) fn known(&self) -> Option<Arc<Known>> {
        let known = self.known.read();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, known: &Arc<Known>) {
        let slot = self.known.write();
        *slot.unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(known));
    }

    /// What is known, as long as no plugin that was left alone may be called again.
    fn known_at(&self, now: Time) -> Option<Arc<Known>> {
        let known = self.known();
        known.filter(|known| known.until.is_none_or(|until| now < until))
    }

    fn is_on_trial(&self) -> bool {
        self.on_trial.load(Relaxed)
    }

    /// Takes them into use, after a reload that worked.
    pub(super) fn pass(&self) {
        self.on_trial.store(false, Relaxed);
    }

    /// Has the plugins gathered anew at the next question, after one of them turned out to be left alone.
    pub(super) fn gather_anew(&self) {
        let slot = self.known.write();
        *slot.unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether `payloads` are checked in less time than it takes to hand them to another thread: a single short one,
    /// and its plugin is one of SparkQ's own that has nothing to load first.
    fn answers_at_once(known: &Known, payloads: &[(String, String)]) -> bool {
        let [(tool, payload)] = payloads else {
            return false;
        };
        let entry = known.catalogue.entry(tool);
        payload.len() <= SHORT && entry.is_ok_and(|entry| is_quick(known, &entry.plugin))
    }

    /// Whether a result is judged in less time than it takes to hand it to another thread.
    pub(super) fn judges_at_once(known: &Known, entry: &Entry, complete: &Complete) -> bool {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let long =
            complete.result.as_str().len() + length(&complete.stdout) + length(&complete.stderr);
        long <= SHORT && is_quick(known, &entry.plugin)
    }

    /// The script index, starting from what is kept of the project's script folders.
    fn index(&self, known: &Known, mut kept: Vec<Script>) -> Arc<Index> {
        let folders = &self.project.config.scripts.dirs;
        kept.retain(|script| {
            let below = |folder: &String| Path::new(&script.path).starts_with(plain(folder));
            folders.iter().any(below)
        });
        let make = || {
            let root = self.project.root().to_path_buf();
            let runtime = Arc::clone(&known.runtime);
            Arc::new(Index::new(runtime, root, folders.clone(), kept))
        };
        Arc::clone(known.index.get_or_init(make))
    }

    /// Checks payloads, each given as tool and JSON text, on several cores where they are many. The first that is
    /// rejected ends it, with its place.
    fn check_all(
        &self,
        known: &Known,
        index: &Arc<Index>,
        now: Time,
        payloads: &[(String, String)],
    ) -> Result<Vec<Passed>, (usize, Error)> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let parts = (payloads.len() / MANY).clamp(1, cores);
        let length = payloads.len().div_ceil(parts);
        let check = |first: usize, payloads: &[(String, String)]| {
            let payloads = payloads.iter().enumerate();
            payloads
                .map(|(at, (tool, payload))| {
                    self.check(known, index, now, tool, payload)
                        .map_err(|error| (first + at, error))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        if parts == 1 {
            return check(0, payloads);
        }
        thread::scope(|scope| {
            let parts = payloads.chunks(length).enumerate();
            let parts: Vec<_> = parts
                .map(|(part, payloads)| scope.spawn(move || check(part * length, payloads)))
                .collect();
            let mut passed = Vec::with_capacity(payloads.len());
            for part in parts {
                passed.extend(part.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            Ok(passed)
        })
    }

    /// Checks one payload. Blocking: the plugin runs here.
    fn check(
        &self,
        known: &Known,
        index: &Arc<Index>,
        now: Time,
        tool: &str,
        payload: &str,
    ) -> Result<Passed, Error> {
        let entry = known.entry(tool, &self.project)?;
        self.may_call(known, &entry.plugin, now)?;
        let payload =
            sparkq_core::json::parse_object(payload).map_err(|error| Refusal::InvalidJson {
                argument: "payload".to_owned(),
                why: error.to_string(),
            })?;
        let checked = known
            .runtime
            .check(&entry.plugin, &entry.own, &payload, index)
            .map_err(|error| match error {
                CheckError::Rejected(issues) => Refusal::PayloadRejected {
                    tool: tool.to_owned(),
                    plugin: entry.other_plugin(),
                    issues,
                }
                .into(),
                CheckError::Fault(fault) => Error::from(fault),
            })?;
        Ok(Passed {
            tool: entry.tool.definition.name.clone(),
            plugin: entry.plugin.clone(),
            stamp: entry.tool.plugin.clone(),
            tool_limits: entry.limits(),
            checked,
        })
    }
}

impl Queue {
    /// What is known of the plugins: from memory, else as the store keeps it, else as the plugins themselves say, which
    /// is then kept.
    pub(super) async fn known_of(&self, current: &Current) -> Result<Arc<Known>, Error> {
        let (plugins, now) = (&current.plugins, self.now());
        if let Some(known) = plugins.known_at(now) {
            return Ok(known);
        }
        let _gathering = self.gathering.lock().await;
        if let Some(known) = plugins.known_at(now) {
            return Ok(known);
        }
        let read = self
            .access
            .read(|store| Ok((store.plugins()?, store.plugin_faults()?)));
        let (kept, mut faults) = read.await?.value;
        if plugins.is_on_trial() {
            faults.clear();
        }
        let before = plugins.known().map(|known| Arc::clone(&known.runtime));
        let (project, before) = (
            Arc::clone(&current.project),
            before.or(plugins.before.clone()),
        );
        let earlier = kept.clone();
        let resting = faults.iter().filter(|faults| faults.is_quarantined(now));
        let until = resting.filter_map(|faults| faults.until).min();
        lock(&plugins.faults).clone_from(&faults);
        let find = move || Roster::of(&project, &earlier, &faults, now, before.as_ref());
        let roster = self.access.aside(find).await?;
        let records = roster.records();
        let catalogue = Catalogue::new(&records, &current.project)?;
        if !plugins.is_on_trial() {
            self.keep_what_they_said(records, kept).await?;
        }
        self.keep_journal(roster.journal);
        self.take_journal(&roster.runtime);
        // Whoever failed just now may do better in a while, without a reload.
        let soon = Time::from_millis(now.as_millis().saturating_add(SOON));
        let until = match until {
            _ if roster.faults.is_empty() => until,
            Some(until) => Some(until.min(soon)),
            None => Some(soon),
        };
        for (digest, fault) in &roster.faults {
            self.note_fault(plugins, digest, fault).await;
        }
        let known = Arc::new(Known {
            catalogue,
            installed: roster.installed,
            runtime: roster.runtime,
            until,
            index: OnceLock::new(),
        });
        plugins.remember(&known);
        Ok(known)
    }

    /// Keeps what plugins said, if it is not what is kept already. What other plugins made of the scripts counts no
    /// longer then.
    pub(super) async fn keep_what_they_said(
        &self,
        mut plugins: Vec<PluginRecord>,
        mut kept: Vec<PluginRecord>,
    ) -> Result<(), Error> {
        plugins.sort_by(|one, other| one.name.cmp(&other.name));
        kept.sort_by(|one, other| one.name.cmp(&other.name));
        if plugins == kept || !self.keeps {
            return Ok(());
        }
        let _saving = self.saving.lock().await;
        let scripts = Vec::new();
        self.access.write(SaveScripts { scripts }).await?;
        let now = self.now();
        self.access.write(SavePlugins { plugins, now }).await?;
        Ok(())
    }

    /// Keeps the script index, if it has changed.
    pub(super) async fn save_index(&self, index: &Index) -> Result<(), Error> {
        if !index.has_changed() {
            return Ok(());
        }
        let _saving = self.saving.lock().await;
        if let Some(scripts) = index.take_changes() {
            self.access.write(SaveScripts { scripts }).await?;
        }
        Ok(())
    }

    /// The script index, as the store keeps it; it looks at the files itself.
    pub(super) async fn index_of(&self, current: &Current) -> Result<Arc<Index>, Error> {
        let known = self.known_of(current).await?;
        if let Some(index) = known.index.get() {
            return Ok(Arc::clone(index));
        }
        let kept = self.access.read(|store| Ok(store.scripts()?)).await?.value;
        Ok(current.plugins.index(&known, kept))
    }

    /// Has the tools' plugins check payloads, as [`Plugins::check_all`] does.
    pub(super) async fn check(
        &self,
        payloads: Vec<(String, String)>,
    ) -> Result<Vec<Passed>, (usize, Error)> {
        let first = |error| (0, error);
        let current = self.current();
        let known = self.known_of(&current).await.map_err(first)?;
        let index = self.index_of(&current).await.map_err(first)?;
        let plugins = Arc::clone(&current.plugins);
        let looked_at = Arc::clone(&index);
        let here = Plugins::answers_at_once(&known, &payloads);
        let before = index.faults().len();
        let (now, runs) = (self.now(), Arc::clone(&known));
        let work = move || Ok(plugins.check_all(&runs, &looked_at, now, &payloads));
        let passed = if here {
            work()
        } else {
            self.access.aside(work).await
        };
        let passed = passed.map_err(first)?;
        self.take_journal(&known.runtime);
        for fault in index.faults().iter().skip(before) {
            self.note_failed(&current.plugins, &known, fault).await;
        }
        let called = match &passed {
            Ok(passed) => passed.iter().map(|passed| passed.plugin.as_str()).collect(),
            Err(_) => Vec::new(),
        };
        self.note_health(&current.plugins, &known, &called, passed.as_ref().err())
            .await;
        let passed = passed?;
        self.save_index(&index).await.map_err(first)?;
        Ok(passed)
    }

    /// Asks every plugin and looks at every script now, so that later commands find both known.
    pub(crate) async fn warm_up(&self) -> Result<(), Error> {
        let (_, index, _) = self.look_at_all(&self.current()).await?;
        self.save_index(&index).await
    }

    /// What is known of the plugins and the script index, both as of now, and the first fault of an indexer, if there
    /// was one.
    pub(super) async fn look_at_all(
        &self,
        current: &Current,
    ) -> Result<(Arc<Known>, Arc<Index>, Option<Fault>), Error> {
        let known = self.known_of(current).await?;
        let index = self.index_of(current).await?;
        let looked_at = Arc::clone(&index);
        // A broken indexer is logged and costs its own scripts alone; the others are kept.
        let look = move || Ok(looked_at.refresh().err());
        let fault = self.access.aside(look).await?;
        self.take_journal(&known.runtime);
        if let Some(fault) = &fault {
            self.note_failed(&current.plugins, &known, fault).await;
        }
        Ok((known, index, fault))
    }
}

/// Whether a call of this plugin is over in some tens of microseconds: one of SparkQ's own that has nothing to load
/// first. Others may take all the time that they are given.
fn is_quick(known: &Known, plugin: &str) -> bool {
    known.is_built_in(plugin) && known.runtime.is_warm(plugin)
}

/// How plugins are run.
pub(crate) fn settings() -> Settings {
    Settings {
        cache_dir: cache_folder(),
        compiler: compiler(),
        // Where a check runs on a thread that answers requests, the others go on on another.
        aside: Aside(|work| tokio::task::block_in_place(work)),
        ..Settings::default()
    }
}

/// A folder as paths in the index spell it: `./scripts/` is `scripts`, and `.` is nothing at all.
fn plain(folder: &str) -> PathBuf {
    let parts = Path::new(folder).components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

/// What compiles plugins: this program, in a process of its own. In its own unit tests the program is another one.
fn compiler() -> Option<Compiler> {
    if cfg!(test) {
        return None;
    }
    Compiler::itself(crate::COMPILE)
}

/// Where compiled plugins are kept: `SPARKQ_CACHE_DIR`, else `sparkq` in the user's cache folder. Never inside a
/// project, because what lies there is native code.
fn cache_folder() -> Option<PathBuf> {
    let folder = |name: &str| {
        env::var_os(name)
            .filter(|text| !text.is_empty())
            .map(PathBuf::from)
    };
    folder("SPARKQ_CACHE_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("sparkq")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache").join("sparkq")))
}
