use sparkq_core::nearest::nearest;
use sparkq_core::wire::{List, Plugin, PluginFaults, PluginState, Tool};
use sparkq_core::{Refusal, Time};
use sparkq_store::Done;

use super::installed::{Installed, quarantined};
use super::{Answer, Queue};

impl Queue {
    /// All plugins of the project, by name: those that may be called, and those that may not with the reason.
    pub(crate) async fn plugins(&self) -> Answer<List<Plugin>> {
        let current = self.current();
        let known = self.known_of(&current).await?;
        let tools = known.catalogue.tools(&current.project);
        let faults = self.access.read(|store| Ok(store.plugin_faults()?)).await?;
        let now = self.now();
        let mut plugins: Vec<_> = known
            .installed
            .iter()
            .map(|installed| {
                let faults = faults.value.iter();
                let mut faults = faults.filter(|faults| faults.plugin == installed.name);
                shown(installed, faults.next(), &tools, now)
            })
            .collect();
        plugins.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Done {
            value: List {
                total: plugins.len() as u64,
                items: plugins,
                next_cursor: None,
            },
            seq: faults.seq,
        })
    }

    /// Refuses what is no plugin of the project.
    pub(super) async fn check_plugin_name(&self, name: &str) -> Result<(), super::Error> {
        let known = self.known_of(&self.current()).await?;
        let names = || known.installed.iter().map(|plugin| plugin.name.as_str());
        if names().any(|known| known == name) {
            return Ok(());
        }
        Err(Refusal::PluginNotFound {
            given: name.to_owned(),
            known: nearest(name, names()),
        }
        .into())
    }
}

fn shown(
    installed: &Installed,
    faults: Option<&PluginFaults>,
    tools: &[Tool],
    now: Time,
) -> Plugin {
    let faults = faults.filter(|faults| faults.digest == installed.digest);
    let resting = faults.filter(|faults| faults.is_quarantined(now) && !installed.built_in);
    let said = installed.said.as_ref();
    let no = match (said.err(), resting) {
        (Some(no), _) => Some(no.clone()),
        (None, Some(faults)) => Some(quarantined(faults)),
        (None, None) => None,
    };
    let said = said.ok();
    let stamp = said.map(sparkq_core::PluginRecord::stamp);
    let of_it = tools
        .iter()
        .filter(|tool| Some(&tool.plugin) == stamp.as_ref());
    let about = said.map(|said| said.about.clone()).unwrap_or_default();
    let (state, why, hint) = match no {
        Some(no) => (no.state, Some(no.why), no.hint),
        None => (PluginState::Loaded, None, None),
    };
    Plugin {
        name: installed.name.clone(),
        version: said.map(|said| said.version.clone()),
        digest: installed.digest.clone(),
        built_in: installed.built_in,
        state,
        why,
        hint,
        path: installed.path.clone(),
        homepage: about.homepage,
        license: about.license,
        needs: about.needs,
        grants: installed.grants.clone(),
        faults: faults.cloned(),
        tools: of_it.map(|tool| tool.definition.name.clone()).collect(),
    }
}
