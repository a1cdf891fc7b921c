//! Which interfaces of the contract a component exports. Any set will do; an export with the right name and the
//! wrong type is a broken component.

use wasmtime::Store;
use wasmtime::component::{InstancePre, Linker};

use crate::binding::{about, payloads, results, scripts, tools};
use crate::instance::State;

/// The interfaces that a plugin may export.
pub(crate) const INTERFACES: [&str; 5] = ["about", "tools", "payloads", "scripts", "results"];

/// A component made ready to be instantiated.
pub(crate) struct Offers {
    plugin: InstancePre<State>,
    about: Option<about::GuestIndices>,
    tools: Option<tools::GuestIndices>,
    payloads: Option<payloads::GuestIndices>,
    scripts: Option<scripts::GuestIndices>,
    results: Option<results::GuestIndices>,
}

/// The exported functions of one instance.
pub(crate) struct Guest {
    pub(crate) about: Option<about::Guest>,
    pub(crate) tools: Option<tools::Guest>,
    pub(crate) payloads: Option<payloads::Guest>,
    pub(crate) scripts: Option<scripts::Guest>,
    pub(crate) results: Option<results::Guest>,
}

impl Offers {
    pub(crate) fn of(
        linker: &Linker<State>,
        component: &wasmtime::component::Component,
    ) -> wasmtime::Result<Self> {
        let plugin = linker.instantiate_pre(component)?;
        let has = |name: &str| {
            component
                .get_export_index(None, format!("sparkq:plugin/{name}@1.0.0"))
                .is_some()
        };
        let about = has("about")
            .then(|| about::GuestIndices::new(&plugin))
            .transpose()?;
        let tools = has("tools")
            .then(|| tools::GuestIndices::new(&plugin))
            .transpose()?;
        let payloads = has("payloads")
            .then(|| payloads::GuestIndices::new(&plugin))
            .transpose()?;
        let scripts = has("scripts")
            .then(|| scripts::GuestIndices::new(&plugin))
            .transpose()?;
        let results = has("results")
            .then(|| results::GuestIndices::new(&plugin))
            .transpose()?;
        Ok(Self {
            plugin,
            about,
            tools,
            payloads,
            scripts,
            results,
        })
    }

    pub(crate) fn reads_scripts(&self) -> bool {
        self.scripts.is_some()
    }

    pub(crate) fn judges_results(&self) -> bool {
        self.results.is_some()
    }

    /// Starts an instance; this is where the types of its exports are checked.
    pub(crate) fn start(&self, store: &mut Store<State>) -> wasmtime::Result<Guest> {
        let instance = self.plugin.instantiate(&mut *store)?;
        Ok(Guest {
            about: self
                .about
                .as_ref()
                .map(|indices| indices.load(&mut *store, &instance))
                .transpose()?,
            tools: self
                .tools
                .as_ref()
                .map(|indices| indices.load(&mut *store, &instance))
                .transpose()?,
            payloads: self
                .payloads
                .as_ref()
                .map(|indices| indices.load(&mut *store, &instance))
                .transpose()?,
            scripts: self
                .scripts
                .as_ref()
                .map(|indices| indices.load(&mut *store, &instance))
                .transpose()?,
            results: self
                .results
                .as_ref()
                .map(|indices| indices.load(&mut *store, &instance))
                .transpose()?,
        })
    }
}
