//! The plugins as the queue needs them: which tool is whose, and whether a payload is fit for it.
//!
//! What a plugin says of its tools is kept in the store by digest, so learning a tool's name starts no plugin,
//! and nothing here touches wasmtime before a payload is to be checked.

use std::env;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use sparkq_core::nearest::nearest;
use sparkq_core::{PluginRecord, Refusal, Script, ToolDefinition};
use sparkq_runtime::{CheckError, Checked, Index, PluginFile, Runtime, Settings};
use sparkq_store::{SavePlugins, SaveScripts};

use super::{Error, Queue};
use crate::assets;
use crate::config::Project;

/// The plugins of one project.
#[derive(Debug)]
pub(super) struct Plugins {
    root: PathBuf,
    script_folders: Vec<String>,
    runtime: OnceLock<Arc<Runtime>>,
    index: OnceLock<Arc<Index>>,
    catalogue: RwLock<Option<Arc<Catalogue>>>,
    /// Held while what the plugins said is asked for and kept, so that a later answer is never overwritten.
    saving: tokio::sync::Mutex<()>,
}

/// Every plugin with what it said of its tools.
#[derive(Debug)]
pub(super) struct Catalogue {
    plugins: Vec<PluginRecord>,
}

impl Catalogue {
    /// The tool of this name, and the plugin that defines it.
    fn tool(&self, name: &str) -> Result<(&PluginRecord, &ToolDefinition), Refusal> {
        let mut tools = self
            .plugins
            .iter()
            .flat_map(|plugin| plugin.tools.iter().map(move |tool| (plugin, tool)));
        tools.find(|(_, tool)| tool.name == name).ok_or_else(|| {
            let names = self
                .plugins
                .iter()
                .flat_map(|plugin| &plugin.tools)
                .map(|tool| &tool.name);
            Refusal::ToolNotFound {
                given: name.to_owned(),
                known: nearest(name, names),
            }
        })
    }
}

/// A payload that its tool's plugin has passed.
pub(super) struct Passed {
    /// How the task names the plugin.
    pub(super) stamp: String,
    /// What the tool says about class and timeout.
    pub(super) tool_limits: sparkq_core::Limits,
    /// What the plugin made of the payload.
    pub(super) checked: Checked,
}

impl Plugins {
    pub(super) fn new(project: &Project) -> Self {
        Self {
            root: project.root().to_path_buf(),
            script_folders: project.config.scripts.dirs.clone(),
            runtime: OnceLock::new(),
            index: OnceLock::new(),
            catalogue: RwLock::new(None),
            saving: tokio::sync::Mutex::new(()),
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
                ..Settings::default()
            };
            Arc::new(Runtime::new(settings, assets::plugins()))
        })
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

    /// Checks one payload. Blocking: the plugin runs here.
    fn check(
        &self,
        catalogue: &Catalogue,
        index: &Arc<Index>,
        tool: &str,
        payload: &str,
    ) -> Result<Passed, Error> {
        let (plugin, definition) = catalogue.tool(tool)?;
        let payload =
            sparkq_core::json::parse_object(payload).map_err(|error| Refusal::InvalidJson {
                argument: "payload".to_owned(),
                why: error.to_string(),
            })?;
        let checked = self
            .runtime()
            .check(&plugin.name, definition, &payload, index)
            .map_err(|error| match error {
                CheckError::Rejected(issues) => Refusal::PayloadRejected {
                    tool: tool.to_owned(),
                    issues,
                }
                .into(),
                CheckError::Fault(fault) => Error::from(fault),
            })?;
        Ok(Passed {
            stamp: plugin.stamp(),
            tool_limits: sparkq_core::Limits {
                class: Some(definition.task_class.clone()),
                timeout: definition.timeout,
            },
            checked,
        })
    }
}

impl Queue {
    /// The catalogue: from memory, else as the store keeps it, else as the plugins themselves say, which is then kept.
    pub(super) async fn catalogue(&self) -> Result<Arc<Catalogue>, Error> {
        if let Some(catalogue) = self.plugins.catalogue() {
            return Ok(catalogue);
        }
        let _saving = self.plugins.saving.lock().await;
        if let Some(catalogue) = self.plugins.catalogue() {
            return Ok(catalogue);
        }
        let kept = self.access.read(|store| Ok(store.plugins()?)).await?.value;
        let plugins = if is_current(&kept) {
            kept
        } else {
            self.describe().await?
        };
        let catalogue = Arc::new(Catalogue { plugins });
        self.plugins.remember(&catalogue);
        Ok(catalogue)
    }

    /// Keeps the script index, if it has changed.
    async fn save_index(&self, index: &Index) -> Result<(), Error> {
        let _saving = self.plugins.saving.lock().await;
        if let Some(scripts) = index.take_changes() {
            self.access.write(SaveScripts { scripts }).await?;
        }
        Ok(())
    }

    /// Asks every plugin what it defines, and keeps it. What other plugins made of the scripts counts no longer.
    async fn describe(&self) -> Result<Vec<PluginRecord>, Error> {
        let plugins = Arc::clone(&self.plugins);
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
        self.access.write(SavePlugins { plugins }).await?;
        Ok(described)
    }

    /// The script index, as the store keeps it; it looks at the files itself.
    async fn index(&self) -> Result<Arc<Index>, Error> {
        if let Some(index) = self.plugins.index.get() {
            return Ok(Arc::clone(index));
        }
        let known = self.access.read(|store| Ok(store.scripts()?)).await?.value;
        Ok(self.plugins.index(known))
    }

    /// Has the tools' plugins check payloads, each given as tool and JSON text. The first that is rejected ends it, with its place.
    pub(super) async fn check(
        &self,
        payloads: Vec<(String, String)>,
    ) -> Result<Vec<Passed>, (usize, Error)> {
        let first = |error| (0, error);
        let catalogue = self.catalogue().await.map_err(first)?;
        let index = self.index().await.map_err(first)?;
        let plugins = Arc::clone(&self.plugins);
        let looked_at = Arc::clone(&index);
        let work = move || {
            let check = |(at, (tool, payload)): (usize, (String, String))| {
                plugins
                    .check(&catalogue, &looked_at, &tool, &payload)
                    .map_err(|error| (at, error))
            };
            Ok(payloads
                .into_iter()
                .enumerate()
                .map(check)
                .collect::<Result<Vec<_>, _>>())
        };
        let passed = self.access.aside(work).await.map_err(first)??;
        self.save_index(&index).await.map_err(first)?;
        Ok(passed)
    }

    /// Asks every plugin and looks at every script now, so that later commands find both known.
    pub(crate) async fn warm_up(&self) -> Result<(), Error> {
        self.catalogue().await?;
        let index = self.index().await?;
        let looked_at = Arc::clone(&index);
        // A broken indexer is logged and costs its own scripts alone; the others are kept.
        let look = move || Ok(looked_at.refresh().is_ok());
        self.access.aside(look).await?;
        self.save_index(&index).await
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
