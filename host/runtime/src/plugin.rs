//! One plugin of the project: loaded at its first call, then served from a few warm instances.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use wasmtime::Store;

use crate::cache;
use crate::engine::Engine;
use crate::fault::{Fault, FaultKind, LOAD};
use crate::file::{Isolation, PluginFile};
use crate::index::Index;
use crate::inspect;
use crate::instance::{Call, Failure, Instance, Setup, State};
use crate::journal::{Journal, JournalLine, Level};
use crate::offers::{Guest, Offers};
use crate::schema::Schema;
use crate::sync::lock;
use crate::text::sentence;
use crate::turns::{Turn, Turns};
use crate::{Aside, Settings};

/// How many reasons one fault gives.
const REASONS: usize = 4;

/// A failure to load that came this soon is forgotten at once.
const SOON: Duration = Duration::from_millis(100);

/// How many times as long as it took any other failure to load is remembered.
const REMEMBERED: u32 = 10;

/// One plugin and what is kept of it between calls.
pub(crate) struct Plugin {
    pub(crate) file: PluginFile,
    /// What its instances get.
    setup: Setup,
    offers: OnceLock<Offers>,
    /// Held while it is loaded, by one thread for all that wait; how that failed the last time.
    loading: Mutex<Option<Failed>>,
    warm: Mutex<Vec<Instance>>,
    /// Of calls that may look into the script index, and so wait there for indexers.
    looking: Turns,
    /// Of all others, indexing among them, which wait for nobody. So a plugin that is both never waits for itself.
    plain: Turns,
    /// The version it gave, once it was asked.
    version: OnceLock<String>,
    /// Compiled payload schemas by tool.
    schemas: Mutex<HashMap<String, Arc<Schema>>>,
}

/// How loading failed, which may pass: a file is being replaced, memory is short.
struct Failed {
    failure: Failure,
    /// Until when nobody tries again.
    until: Instant,
}

/// What a call runs with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) settings: &'a Settings,
    /// The script index the guest may look into.
    pub(crate) index: Option<&'a Arc<Index>>,
    /// The task that the call is about.
    pub(crate) task: Option<&'a str>,
}

/// An instance that nobody else will ever use.
pub(crate) struct Alone<'a> {
    plugin: &'a Plugin,
    context: Context<'a>,
    instance: Instance,
    _turn: Turn<'a>,
}

impl Alone<'_> {
    /// As [`Plugin::try_call`]. After a fault it is of no more use.
    pub(crate) fn try_call<T>(
        &mut self,
        function: &'static str,
        work: impl FnOnce(&mut Store<State>, &Guest) -> Option<wasmtime::Result<T>>,
    ) -> Result<Option<T>, Fault> {
        self.plugin
            .call_into(&mut self.instance, self.context, function, work)
    }
}

impl Plugin {
    pub(crate) fn new(file: PluginFile, journal: &Arc<Journal>, aside: Aside) -> Self {
        let setup = Setup {
            name: file.name.as_str().into(),
            config: file.config.as_str().into(),
            grants: Arc::new(file.grants.clone()),
            journal: Arc::clone(journal),
            aside,
        };
        Self {
            file,
            setup,
            offers: OnceLock::new(),
            loading: Mutex::default(),
            warm: Mutex::default(),
            looking: Turns::default(),
            plain: Turns::default(),
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
        let _turn = self.turn(context);
        let mut instance = self.instance(context)?;
        let answer = self.call_into(&mut instance, context, function, work)?;
        instance.calls += u32::from(answer.is_some());
        // Only here, after a call that went well, does an instance go back.
        let limits = &self.file.limits;
        let mut warm = lock(&self.warm);
        if self.file.isolation == Isolation::Reuse
            && instance.calls < limits.calls_per_instance
            && warm.len() < limits.warm_instances
        {
            warm.push(instance);
        }
        Ok(answer)
    }

    fn call_into<T>(
        &self,
        instance: &mut Instance,
        context: Context<'_>,
        function: &'static str,
        work: impl FnOnce(&mut Store<State>, &Guest) -> Option<wasmtime::Result<T>>,
    ) -> Result<Option<T>, Fault> {
        let call = Call {
            function,
            limits: &self.file.limits,
            index: context.index,
            task: context.task,
        };
        instance
            .call(context.engine, call, |store, guest| {
                work(store, guest).transpose()
            })
            .map_err(|failure| self.fault(function, failure.kind, &failure.message))
    }

    /// An instance of its own, in which nothing is granted.
    pub(crate) fn alone<'a>(&'a self, context: Context<'a>) -> Result<Alone<'a>, Fault> {
        let setup = Setup {
            grants: Arc::default(),
            ..self.setup.clone()
        };
        let turn = self.turn(context);
        Ok(Alone {
            plugin: self,
            context,
            instance: self.start(context, setup)?,
            _turn: turn,
        })
    }

    /// Whether a call of it has nothing to load first.
    pub(crate) fn is_warm(&self) -> bool {
        match self.file.isolation {
            Isolation::Reuse => !lock(&self.warm).is_empty(),
            Isolation::Call => self.offers.get().is_some(),
        }
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
            message: sentence(message),
        };
        tracing::warn!(target: "plugin", plugin = %fault.plugin, function, kind = fault.kind.word(), "{fault}");
        let said = format!("{} [{}]", fault.message, fault.kind.word());
        self.note(Level::Fault, function, said, None);
        fault
    }

    /// Puts a line into the journal.
    pub(crate) fn note(
        &self,
        level: Level,
        function: &'static str,
        message: String,
        task: Option<&str>,
    ) {
        self.setup.journal.keep(JournalLine {
            plugin: self.file.name.clone(),
            level,
            function,
            message,
            task: task.map(str::to_owned),
        });
    }

    /// Waits for its turn, which is before any limit of the call is in force.
    fn turn(&self, context: Context<'_>) -> Turn<'_> {
        let turns = if context.index.is_some() {
            &self.looking
        } else {
            &self.plain
        };
        turns
            .take_free()
            .or_else(|| context.settings.aside.run(|| turns.wait()))
            .unwrap_or_else(|| turns.wait())
    }

    fn instance(&self, context: Context<'_>) -> Result<Instance, Fault> {
        if let Some(instance) = lock(&self.warm).pop() {
            return Ok(instance);
        }
        self.start(context, self.setup.clone())
    }

    fn start(&self, context: Context<'_>, setup: Setup) -> Result<Instance, Fault> {
        let offers = self.offers(context)?;
        Instance::start(context.engine, offers, setup, &self.file.limits).map_err(|failure| {
            // What is wrong before the first call is wrong with the component, unless a limit says otherwise.
            let kind = if failure.kind == FaultKind::BadOutput {
                FaultKind::Load
            } else {
                failure.kind
            };
            self.fault(LOAD, kind, &failure.message)
        })
    }

    fn offers(&self, context: Context<'_>) -> Result<&Offers, Fault> {
        if let Some(offers) = self.offers.get() {
            return Ok(offers);
        }
        let mut last = lock(&self.loading);
        // Another thread may have loaded it meanwhile.
        if let Some(offers) = self.offers.get() {
            return Ok(offers);
        }
        let began = Instant::now();
        let failure = match last.take() {
            Some(failed) if began < failed.until => last.insert(failed),
            _ => match load(context.engine, context.settings, &self.file) {
                Ok(offers) => return Ok(self.offers.get_or_init(|| offers)),
                Err(failure) => last.insert(Failed {
                    failure,
                    until: Instant::now() + remembered(began.elapsed()),
                }),
            },
        };
        let Failure { kind, message } = failure.failure.clone();
        Err(self.fault(LOAD, kind, &message))
    }
}

/// For how long a failure is remembered that took so long to come about: loading in vain, such as compiling for minutes,
/// takes a tenth of the time at most.
fn remembered(took: Duration) -> Duration {
    if took < SOON {
        Duration::ZERO
    } else {
        took * REMEMBERED
    }
}

fn load(engine: &Engine, settings: &Settings, file: &PluginFile) -> Result<Offers, Failure> {
    let component = cache::component(&engine.wasm, settings, file)?;
    let imports = inspect::imports(&engine.wasm, &component);
    let exports = inspect::exports(&engine.wasm, &component);
    let mut missing = inspect::unusable(&imports, &exports);
    missing.truncate(REASONS);
    if !missing.is_empty() {
        return Err(Failure::load(&missing.join("; ")));
    }
    Offers::of(&engine.linker, &component).map_err(|error| Failure::load(&format!("{error:#}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_to_fail_is_not_tried_again_soon() {
        assert_eq!(remembered(Duration::from_millis(5)), Duration::ZERO);
        assert_eq!(remembered(Duration::from_mins(1)), Duration::from_mins(10));
    }
}
