//! The plugins of one project, by name.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use sparkq_core::{PluginRecord, Script, ToolDefinition};

use crate::cache::{self, hex};
use crate::check::{CheckError, Checked, check};
use crate::describe::{Account, account, describe};
use crate::engine::Engine;
use crate::fault::{Fault, FaultKind, LOAD};
use crate::index::{Index, claims};
use crate::inspect::{self, Inspection};
use crate::journal::{Journal, JournalLine};
use crate::judge::{Judged, Reported, judge};
use crate::offers::Offers;
use crate::plugin::{Context, Plugin};
use crate::sync::lock;
use crate::text::sentence;
use crate::{PluginFile, Settings};

/// The plugins of one project. Cheap to make: the engine starts at the first call into a plugin, and a plugin is
/// loaded at its own first call.
pub struct Runtime {
    settings: Settings,
    plugins: Vec<Plugin>,
    journal: Arc<Journal>,
    engine: OnceLock<Engine>,
    /// Held while the engine is started.
    starting: Mutex<()>,
}

impl Runtime {
    /// Takes the plugins over and starts nothing.
    #[must_use]
    pub fn new(settings: Settings, plugins: Vec<PluginFile>) -> Self {
        let journal = Arc::new(Journal::new(settings.journal));
        let plugin = |file| Plugin::new(file, &journal, settings.aside);
        Self {
            plugins: plugins.into_iter().map(plugin).collect(),
            settings,
            journal,
            engine: OnceLock::new(),
            starting: Mutex::default(),
        }
    }

    /// The plugins, in the order given.
    pub fn plugins(&self) -> impl Iterator<Item = &PluginFile> {
        self.plugins.iter().map(|plugin| &plugin.file)
    }

    /// Asks a plugin who it is and which tools it defines, and holds the answer to the contract.
    /// The caller keeps it by digest and settings, so that no plugin is started to learn a name. It answers in an
    /// instance of its own, and no grant is in force.
    pub fn describe(&self, plugin: &str) -> Result<PluginRecord, Fault> {
        let plugin = self.plugin(plugin)?;
        describe(plugin, self.context(plugin, None)?)
    }

    /// As [`describe`](Self::describe), and tells all that breaks the contract instead of stopping at the first.
    pub fn account(&self, plugin: &str) -> Result<Account, Fault> {
        let plugin = self.plugin(plugin)?;
        account(plugin, self.context(plugin, None)?)
    }

    /// Checks a payload for `tool` of `plugin` and brings it into its canonical form.
    ///
    /// First the tool's schema, and the plugin is asked only about payloads that pass it; then the plugin's own
    /// findings; then its canonical form, which must pass the schema too.
    pub fn check(
        &self,
        plugin: &str,
        tool: &ToolDefinition,
        payload: &Map<String, Value>,
        index: &Arc<Index>,
    ) -> Result<Checked, CheckError> {
        let plugin = self.plugin(plugin)?;
        check(plugin, || self.context(plugin, Some(index)), tool, payload)
    }

    /// Judges what a worker handed in for a task of `tool`; `judges` says whether the plugin has a word in it.
    ///
    /// A fault says nothing of the result: whoever did the work must not lose it.
    pub fn judge(
        &self,
        plugin: &str,
        judges: bool,
        tool: &ToolDefinition,
        reported: &Reported<'_>,
        index: &Arc<Index>,
    ) -> Result<Judged, CheckError> {
        let plugin = self.plugin(plugin)?;
        let context = || {
            Ok(Context {
                task: reported.task,
                ..self.context(plugin, Some(index))?
            })
        };
        judge(plugin, context, judges, tool, reported)
    }

    /// What a component that need not be installed wants and has. It is compiled, and nothing of it is run. What is no
    /// component at all is a fault; one that does not fit has its problems in the answer.
    pub fn inspect(&self, bytes: &[u8]) -> Result<Inspection, Fault> {
        let digest = hex(&Sha256::digest(bytes));
        let plugin = Plugin::new(
            PluginFile::new("component", digest, bytes.to_vec()),
            &Arc::default(),
            self.settings.aside,
        );
        let engine = self.context(&plugin, None)?.engine;
        let component = cache::component(&engine.wasm, &self.settings, &plugin.file)
            .map_err(|failure| plugin.fault(LOAD, failure.kind, &failure.message))?;
        let imports = inspect::imports(&engine.wasm, &component);
        let exports = inspect::exports(&engine.wasm, &component);
        let mut problems = inspect::problems(&imports, &exports);
        if problems.is_empty()
            && let Err(error) = Offers::of(&engine.linker, &component)
        {
            problems.push(sentence(&format!("{error:#}")));
        }
        Ok(Inspection {
            size: bytes.len() as u64,
            interfaces: inspect::interfaces(&exports),
            digest: plugin.file.digest,
            imports,
            exports,
            problems,
        })
    }

    /// How many kinds of files `plugin` claims for the script index; none when it reads no scripts.
    pub fn claims(&self, plugin: &str) -> Result<Option<usize>, Fault> {
        claims::count(self, self.number(plugin)?)
    }

    /// What `plugin` says of a script that begins with `bytes`; none when it says that it is none.
    pub fn read_script(
        &self,
        plugin: &str,
        path: &str,
        bytes: &[u8],
    ) -> Result<Option<Script>, Fault> {
        claims::read_one(self, self.number(plugin)?, path, bytes)
    }

    /// Whether `plugin` has an instance that waits for its next call, so that calling it loads and starts nothing.
    #[must_use]
    pub fn is_warm(&self, plugin: &str) -> bool {
        self.plugin(plugin).is_ok_and(Plugin::is_warm)
    }

    /// What plugins logged and did wrong since this was last asked, oldest first.
    #[must_use]
    pub fn take_journal(&self) -> Vec<JournalLine> {
        self.journal.take()
    }

    /// Runs what may take long.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        self.settings.aside.run(work)
    }

    /// Every plugin, for a caller that asks each in turn.
    pub(crate) fn all(&self) -> &[Plugin] {
        &self.plugins
    }

    /// What a call into `plugin` runs with; starts the engine if nothing did before.
    pub(crate) fn context<'a>(
        &'a self,
        plugin: &Plugin,
        index: Option<&'a Arc<Index>>,
    ) -> Result<Context<'a>, Fault> {
        let engine = self.engine().map_err(|why| {
            plugin.fault(
                LOAD,
                FaultKind::Load,
                &format!("wasmtime does not start: {why:#}"),
            )
        })?;
        Ok(Context {
            engine,
            settings: &self.settings,
            index,
            task: None,
        })
    }

    /// The engine, started if it is not yet. One that does not start is tried again the next time.
    fn engine(&self) -> wasmtime::Result<&Engine> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let _only_one = lock(&self.starting);
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let engine = Engine::start()?;
        Ok(self.engine.get_or_init(|| engine))
    }

    fn plugin(&self, name: &str) -> Result<&Plugin, Fault> {
        self.number(name).map(|number| &self.plugins[number])
    }

    /// Which of them goes by a name.
    fn number(&self, name: &str) -> Result<usize, Fault> {
        self.plugins
            .iter()
            .position(|plugin| plugin.file.name == name)
            .ok_or_else(|| Fault {
                plugin: name.to_owned(),
                version: None,
                function: LOAD,
                kind: FaultKind::Load,
                message: "it is not installed".to_owned(),
            })
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.plugins().map(|plugin| plugin.name.as_str()).collect();
        f.debug_struct("Runtime")
            .field("plugins", &names)
            .finish_non_exhaustive()
    }
}
