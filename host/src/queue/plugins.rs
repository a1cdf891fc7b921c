//! The plugins as the queue needs them: which tool is whose, and whether a payload is fit for it.
//!
//! What a plugin says of its tools is kept in the store by digest, so learning a tool's name starts no plugin,
//! and nothing here touches wasmtime before a payload is to be checked.

use std::env;
use std::panic::resume_unwind;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread;

use sparkq_core::wire::Complete;
use sparkq_core::{Limits, PluginRecord, Refusal, Script};
use sparkq_runtime::{
    Aside, CheckError, Checked, Compiler, Fault, Index, Judged, PluginFile, Reported, Runtime,
    Settings,
};
use sparkq_store::{SavePlugins, SaveScripts};

use super::catalogue::{Catalogue, Entry};
use super::{Current, Error, Queue};
use crate::assets;
use crate::config::Project;

/// The longest payload that is checked where its request is handled, in bytes: some tens of microseconds' work.
const SHORT: usize = 16 * 1024;

/// How many payloads are worth a thread of their own.
const MANY: usize = 100;

/// The plugins of one project.
#[derive(Debug)]
pub(super) struct Plugins {
    root: PathBuf,
    script_folders: Vec<String>,
    runtime: Arc<OnceLock<Arc<Runtime>>>,
    index: OnceLock<Arc<Index>>,
    catalogue: RwLock<Option<Arc<Catalogue>>>,
}

/// A payload that its tool's plugin has passed.
pub(super) struct Passed {
    /// How the task names the plugin.
    pub(super) stamp: String,
    /// What plugin and project say of the tool's class and timeout, the weakest first.
    pub(super) tool_limits: [Limits; 2],
    /// What the plugin made of the payload.
    pub(super) checked: Checked,
}

impl Plugins {
    pub(super) fn new(project: &Project) -> Self {
        Self {
            root: project.root().to_path_buf(),
            script_folders: project.config.scripts.dirs.clone(),
            runtime: Arc::default(),
            index: OnceLock::new(),
            catalogue: RwLock::new(None),
        }
    }

    /// The same plugins, warm as they are, for what has become of their project. What the project says of tools and
    /// scripts is not known yet.
    pub(super) fn anew(&self, project: &Project) -> Self {
        Self {
            runtime: Arc::clone(&self.runtime),
            ..Self::new(project)
        }
    }

    /// The catalogue, once it is known.
    fn catalogue(&self) -> Option<Arc<Catalogue>> {
        let catalogue = self.catalogue.read();
        catalogue.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, catalogue: &Arc<Catalogue>) {
        let slot = self.catalogue.write();
        *slot.unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(catalogue));
    }

    fn runtime(&self) -> &Arc<Runtime> {
        self.runtime.get_or_init(|| {
            let settings = Settings {
                cache_dir: cache_folder(),
                compiler: compiler(),
                // Where a check runs on a thread that answers requests, the others go on on another.
                aside: Aside(|work| tokio::task::block_in_place(work)),
                ..Settings::default()
            };
            Arc::new(Runtime::new(settings, assets::plugins()))
        })
    }

    /// Whether `payloads` are checked in less time than it takes to hand them to another thread: a single short one, and
    /// its plugin has nothing to load first.
    fn answers_at_once(&self, catalogue: &Catalogue, payloads: &[(String, String)]) -> bool {
        let [(tool, payload)] = payloads else {
            return false;
        };
        let warm = |runtime: &Arc<Runtime>| {
            catalogue
                .entry(tool)
                .is_ok_and(|entry| runtime.is_warm(&entry.plugin))
        };
        payload.len() <= SHORT && self.runtime.get().is_some_and(warm)
    }

    /// Whether a result is judged in less time than it takes to hand it to another thread.
    pub(super) fn judges_at_once(&self, entry: &Entry, complete: &Complete) -> bool {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let long =
            complete.result.as_str().len() + length(&complete.stdout) + length(&complete.stderr);
        long <= SHORT
            && self
                .runtime
                .get()
                .is_some_and(|runtime| runtime.is_warm(&entry.plugin))
    }

    /// Judges a result. Blocking: the plugin runs here.
    pub(super) fn judge(
        &self,
        entry: &Entry,
        reported: &Reported<'_>,
        index: &Arc<Index>,
    ) -> Result<Judged, CheckError> {
        self.runtime()
            .judge(&entry.plugin, entry.judges, &entry.own, reported, index)
    }

    /// The script index, starting from what is `known` of the project's script folders.
    fn index(&self, mut known: Vec<Script>) -> Arc<Index> {
        known.retain(|script| {
            let below = |folder: &String| Path::new(&script.path).starts_with(plain(folder));
            self.script_folders.iter().any(below)
        });
        let make = || {
            let (root, folders) = (self.root.clone(), self.script_folders.clone());
            Arc::new(Index::new(Arc::clone(self.runtime()), root, folders, known))
        };
        Arc::clone(self.index.get_or_init(make))
    }

    /// Checks payloads, each given as tool and JSON text, on several cores where they are many. The first that is
    /// rejected ends it, with its place.
    fn check_all(
        &self,
        catalogue: &Catalogue,
        index: &Arc<Index>,
        payloads: &[(String, String)],
    ) -> Result<Vec<Passed>, (usize, Error)> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let parts = (payloads.len() / MANY).clamp(1, cores);
        let length = payloads.len().div_ceil(parts);
        let check = |first: usize, payloads: &[(String, String)]| {
            let payloads = payloads.iter().enumerate();
            payloads
                .map(|(at, (tool, payload))| {
                    self.check(catalogue, index, tool, payload)
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
        catalogue: &Catalogue,
        index: &Arc<Index>,
        tool: &str,
        payload: &str,
    ) -> Result<Passed, Error> {
        let entry = catalogue.entry(tool)?;
        let payload =
            sparkq_core::json::parse_object(payload).map_err(|error| Refusal::InvalidJson {
                argument: "payload".to_owned(),
                why: error.to_string(),
            })?;
        let checked = self
            .runtime()
            .check(&entry.plugin, &entry.own, &payload, index)
            .map_err(|error| match error {
                CheckError::Rejected(issues) => Refusal::PayloadRejected {
                    tool: tool.to_owned(),
                    issues,
                }
                .into(),
                CheckError::Fault(fault) => Error::from(fault),
            })?;
        Ok(Passed {
            stamp: entry.tool.plugin.clone(),
            tool_limits: entry.limits(),
            checked,
        })
    }
}

impl Queue {
    /// The catalogue: from memory, else as the store keeps it, else as the plugins themselves say, which is then kept.
    pub(super) async fn catalogue_of(&self, current: &Current) -> Result<Arc<Catalogue>, Error> {
        let plugins = &current.plugins;
        if let Some(catalogue) = plugins.catalogue() {
            return Ok(catalogue);
        }
        let _saving = self.saving.lock().await;
        if let Some(catalogue) = plugins.catalogue() {
            return Ok(catalogue);
        }
        let kept = self.access.read(|store| Ok(store.plugins()?)).await?.value;
        let records = if is_current(&kept) {
            kept
        } else {
            self.describe(plugins).await?
        };
        let catalogue = Arc::new(Catalogue::new(&records, &current.project)?);
        plugins.remember(&catalogue);
        Ok(catalogue)
    }

    /// Keeps the script index, if it has changed.
    pub(super) async fn save_index(&self, index: &Index) -> Result<(), Error> {
        let _saving = self.saving.lock().await;
        if let Some(scripts) = index.take_changes() {
            self.access.write(SaveScripts { scripts }).await?;
        }
        Ok(())
    }

    /// Asks every plugin what it defines, and keeps it. What other plugins made of the scripts counts no longer.
    async fn describe(&self, plugins: &Arc<Plugins>) -> Result<Vec<PluginRecord>, Error> {
        let plugins = Arc::clone(plugins);
        let ask = move || {
            let runtime = plugins.runtime();
            let describe = |file: &PluginFile| Ok(runtime.describe(&file.name)?);
            runtime
                .plugins()
                .map(describe)
                .collect::<Result<Vec<_>, Error>>()
        };
        let described = self.access.aside(ask).await?;
        let scripts = Vec::new();
        self.access.write(SaveScripts { scripts }).await?;
        let plugins = described.clone();
        let now = self.now();
        self.access.write(SavePlugins { plugins, now }).await?;
        Ok(described)
    }

    /// The script index, as the store keeps it; it looks at the files itself.
    pub(super) async fn index_of(&self, current: &Current) -> Result<Arc<Index>, Error> {
        if let Some(index) = current.plugins.index.get() {
            return Ok(Arc::clone(index));
        }
        let known = self.access.read(|store| Ok(store.scripts()?)).await?.value;
        Ok(current.plugins.index(known))
    }

    /// Has the tools' plugins check payloads, as [`Plugins::check_all`] does.
    pub(super) async fn check(
        &self,
        payloads: Vec<(String, String)>,
    ) -> Result<Vec<Passed>, (usize, Error)> {
        let first = |error| (0, error);
        let current = self.current();
        let catalogue = self.catalogue_of(&current).await.map_err(first)?;
        let index = self.index_of(&current).await.map_err(first)?;
        let plugins = Arc::clone(&current.plugins);
        let looked_at = Arc::clone(&index);
        let here = plugins.answers_at_once(&catalogue, &payloads);
        let work = move || Ok(plugins.check_all(&catalogue, &looked_at, &payloads));
        let passed = if here {
            work()
        } else {
            self.access.aside(work).await
        };
        let passed = passed.map_err(first)??;
        self.save_index(&index).await.map_err(first)?;
        Ok(passed)
    }

    /// Asks every plugin and looks at every script now, so that later commands find both known.
    pub(crate) async fn warm_up(&self) -> Result<(), Error> {
        let (_, index, _) = self.look_at_all(&self.current()).await?;
        self.save_index(&index).await
    }

    /// The catalogue and the script index, both as of now, and the first fault of an indexer, if there was one.
    pub(super) async fn look_at_all(
        &self,
        current: &Current,
    ) -> Result<(Arc<Catalogue>, Arc<Index>, Option<Fault>), Error> {
        let catalogue = self.catalogue_of(current).await?;
        let index = self.index_of(current).await?;
        let looked_at = Arc::clone(&index);
        // A broken indexer is logged and costs its own scripts alone; the others are kept.
        let look = move || Ok(looked_at.refresh().err());
        let fault = self.access.aside(look).await?;
        Ok((catalogue, index, fault))
    }
}

/// Whether the store has kept what exactly these plugins said.
fn is_current(kept: &[PluginRecord]) -> bool {
    let embedded = assets::plugins();
    kept.len() == embedded.len()
        && embedded.iter().all(|file| {
            kept.iter()
                .any(|record| record.name == file.name && record.digest == file.digest)
        })
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
