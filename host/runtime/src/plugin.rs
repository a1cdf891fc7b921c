//! One plugin of the project: loaded at its first call, then served from a few warm instances.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use wasmtime::Store;

use crate::cache;
use crate::engine::Engine;
use crate::fault::{Fault, FaultKind};
use crate::index::Index;
use crate::instance::{Failure, Instance, State};
use crate::limits::Limits;
use crate::offers::{Guest, Offers};
use crate::schema::Schema;
use crate::sync::lock;
use crate::{PluginFile, Settings};

/// One plugin and what is kept of it between calls.
pub(crate) struct Plugin {
    pub(crate) file: PluginFile,
    offers: OnceLock<Result<Offers, Failure>>,
    warm: Mutex<Vec<Instance>>,
    /// The version it gave, once it was asked.
    version: OnceLock<String>,
    /// Compiled payload schemas by tool.
    schemas: Mutex<HashMap<String, Arc<Schema>>>,
}

/// What a call runs with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) settings: &'a Settings,
    /// The script index the guest may look into.
    pub(crate) index: Option<&'a Arc<Index>>,
}

impl Context<'_> {
    fn limits(&self) -> &Limits {
        &self.settings.limits
    }
}

impl Plugin {
    pub(crate) fn new(file: PluginFile) -> Self {
        Self {
            file,
            offers: OnceLock::new(),
            warm: Mutex::default(),
            version: OnceLock::new(),
            schemas: Mutex::default(),
        }
    }

    /// Calls a function of the guest. `function` names it in faults; `work` answers none where it is not exported.
    pub(crate) fn call<T>(
        &self,
        context: Context<'_>,
        function: &'static str,
        work: impl FnOnce(&mut Store<State>, &Guest) -> Option<wasmtime::Result<T>>,
    ) -> Result<T, Fault> {
        let answer = self.try_call(context, function, work)?;
        answer.ok_or_else(|| {
            self.fault(
                function,
                FaultKind::Load,
                "it does not export this function",
            )
        })
    }

    /// As [`call`](Self::call), and none where the guest does not export the function.
    pub(crate) fn try_call<T>(
        &self,
        context: Context<'_>,
        function: &'static str,
        work: impl FnOnce(&mut Store<State>, &Guest) -> Option<wasmtime::Result<T>>,
    ) -> Result<Option<T>, Fault> {
        let limits = context.limits();
        let mut instance = self.instance(context)?;
        let answer = instance
            .call(context.engine, limits, context.index, |store, guest| {
                work(store, guest).transpose()
            })
            .map_err(|failure| self.fault(function, failure.kind, &failure.message))?;
        instance.calls += u32::from(answer.is_some());
        // Only here, after a call that went well, does an instance go back.
        let mut warm = lock(&self.warm);
        if instance.calls < limits.calls_per_instance && warm.len() < limits.warm_instances {
            warm.push(instance);
        }
        Ok(answer)
    }

    /// Whether an instance of it waits for its next call.
    pub(crate) fn is_warm(&self) -> bool {
        !lock(&self.warm).is_empty()
    }

    /// Whether it teaches the script index a language.
    pub(crate) fn reads_scripts(&self, context: Context<'_>) -> Result<bool, Fault> {
        self.offers(context).map(Offers::reads_scripts)
    }

    /// Whether it judges what workers hand in.
    pub(crate) fn judges_results(&self, context: Context<'_>) -> Result<bool, Fault> {
        self.offers(context).map(Offers::judges_results)
    }

    /// The compiled schema of a tool's payloads, or of another of its documents.
    pub(crate) fn schema(&self, tool: &str, text: &str) -> Result<Arc<Schema>, Fault> {
        if let Some(schema) = lock(&self.schemas).get(tool)
            && schema.text() == text
        {
            return Ok(Arc::clone(schema));
        }
        let schema = Schema::compile(text).map_err(|why| {
            self.fault(
                "tools.definitions",
                FaultKind::BadOutput,
                &format!("the schema of tool `{tool}` cannot be used: {why}"),
            )
        })?;
        let schema = Arc::new(schema);
        lock(&self.schemas).insert(tool.to_owned(), Arc::clone(&schema));
        Ok(schema)
    }

    /// Remembers its version for the faults to come.
    pub(crate) fn set_version(&self, version: &str) {
        // A second answer of the same component is the same.
        let _ = self.version.set(version.to_owned());
    }

    pub(crate) fn fault(&self, function: &'static str, kind: FaultKind, message: &str) -> Fault {
        let fault = Fault {
            plugin: self.file.name.clone(),
            version: self.version.get().cloned(),
            function,
            kind,
            message: message.to_owned(),
        };
        tracing::warn!(target: "plugin", plugin = %fault.plugin, function, kind = fault.kind.word(), "{fault}");
        fault
    }

    fn instance(&self, context: Context<'_>) -> Result<Instance, Fault> {
        if let Some(instance) = lock(&self.warm).pop() {
            return Ok(instance);
        }
        let offers = self.offers(context)?;
        Instance::start(context.engine, offers, &self.file.name, context.limits()).map_err(
            |failure| {
                // What is wrong before the first call is wrong with the component, unless a limit says otherwise.
                let kind = if failure.kind == FaultKind::BadOutput {
                    FaultKind::Load
                } else {
                    failure.kind
                };
                self.fault("load", kind, &failure.message)
            },
        )
    }

    fn offers(&self, context: Context<'_>) -> Result<&Offers, Fault> {
        let cache_dir = context.settings.cache_dir.as_deref();
        let loaded = self
            .offers
            .get_or_init(|| load(context.engine, cache_dir, &self.file));
        loaded
            .as_ref()
            .map_err(|failure| self.fault("load", failure.kind.clone(), &failure.message))
    }
}

fn load(engine: &Engine, cache_dir: Option<&Path>, file: &PluginFile) -> Result<Offers, Failure> {
    let component = cache::component(&engine.wasm, cache_dir, file)?;
    Offers::of(&engine.linker, &component).map_err(|error| Failure::load(&format!("{error:#}")))
}
