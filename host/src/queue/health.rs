//! How plugins fare: what they log and how they fail is kept, and one that keeps failing is left alone for a while. One
//! that came with SparkQ is never left alone, because nothing works without it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sparkq_core::wire::{List, PluginFaults, PluginLine};
use sparkq_core::{Refusal, Time, Worker};
use sparkq_runtime::{Fault, FaultKind, JournalLine, Runtime};
use sparkq_store::{NewPluginLine, Page, PluginFailed, PluginLog, RestorePlugin, SavePluginLog};

use super::installed::quarantined;
use super::plugins::{Known, Plugins};
use super::{Answer, Error, Queue};

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Plugins {
    /// Refuses a plugin that is left alone at this moment.
    pub(super) fn may_call(&self, known: &Known, plugin: &str, now: Time) -> Result<(), Refusal> {
        let faults = lock(&self.faults);
        // Nearly always there are none.
        let faults = faults.iter().find(|faults| {
            faults.plugin == plugin && known.digest_of(plugin) == Some(faults.digest.as_str())
        });
        match faults.filter(|faults| faults.is_quarantined(now)) {
            Some(faults) => Err(quarantined(faults).refusal()),
            None => Ok(()),
        }
    }
}

impl Queue {
    /// Keeps what plugins logged since this was last done. That it cannot be kept costs nobody the answer.
    pub(super) fn take_journal(&self, runtime: &Runtime) {
        self.keep_journal(runtime.take_journal());
    }

    /// Keeps lines of plugins' logs.
    pub(super) fn keep_journal(&self, lines: Vec<JournalLine>) {
        if lines.is_empty() {
            return;
        }
        let line = |line: JournalLine| NewPluginLine {
            plugin: line.plugin,
            level: line.level.word().to_owned(),
            function: line.function.to_owned(),
            task: line.task,
            message: line.message,
        };
        let request = SavePluginLog {
            lines: lines.into_iter().map(line).collect(),
            now: self.now(),
        };
        if let Err(error) = self.access.leave(request) {
            tracing::warn!(%error, "what plugins logged cannot be kept");
        }
    }

    /// Notes how calls went: those that were `called` are well, and the one that failed is not.
    pub(super) async fn note_health(
        &self,
        plugins: &Plugins,
        known: &Known,
        called: &[&str],
        failed: Option<&(usize, Error)>,
    ) {
        if let Some((_, Error::Plugin(fault))) = failed {
            self.note_failed(plugins, known, fault).await;
        }
        self.note_well(plugins, called).await;
    }

    /// Counts a fault of a plugin that did not come with SparkQ.
    pub(super) async fn note_failed(&self, plugins: &Plugins, known: &Known, fault: &Fault) {
        let mut installed = known.installed.iter();
        let found = installed.find(|plugin| plugin.name == fault.plugin && !plugin.built_in);
        if let Some(plugin) = found {
            self.note_fault(plugins, &plugin.digest, fault).await;
        }
    }

    /// Counts a fault. One that the plugin reports of itself is an answer, and not counted.
    pub(super) async fn note_fault(&self, plugins: &Plugins, digest: &str, fault: &Fault) {
        if matches!(fault.kind, FaultKind::Plugin { .. }) {
            return;
        }
        let request = PluginFailed {
            plugin: fault.plugin.clone(),
            digest: digest.to_owned(),
            kind: fault.kind.word().to_owned(),
            fault: fault.to_string(),
            now: self.now(),
        };
        match self.access.write(request).await {
            Ok(done) => {
                let mut faults = lock(&plugins.faults);
                faults.retain(|faults| faults.plugin != fault.plugin);
                if done.value.until.is_some() {
                    plugins.gather_anew();
                }
                faults.push(done.value);
            }
            Err(error) => tracing::warn!(%error, "a plugin's fault cannot be counted"),
        }
    }

    /// Forgets the faults of plugins that were called and did well.
    pub(super) async fn note_well(&self, plugins: &Plugins, called: &[&str]) {
        let well: Vec<String> = {
            let mut faults = lock(&plugins.faults);
            // Nearly always there is nothing to forget.
            let is_well = |faults: &PluginFaults| called.contains(&faults.plugin.as_str());
            let well = faults.iter().filter(|faults| is_well(faults));
            let well = well.map(|faults| faults.plugin.clone()).collect();
            faults.retain(|faults| !is_well(faults));
            well
        };
        let were_left_alone = !well.is_empty();
        for plugin in well {
            let request = RestorePlugin {
                plugin,
                actor: None,
                now: self.now(),
            };
            if let Err(error) = self.access.write(request).await {
                tracing::warn!(%error, "a plugin's faults cannot be forgotten");
            }
        }
        if were_left_alone {
            // One that was left alone is not among those that are called.
            plugins.gather_anew();
        }
    }

    /// Has every plugin called again that is left alone.
    pub(super) async fn restore_all(&self, actor: &Worker) -> Result<(), Error> {
        let faults = self.access.read(|store| Ok(store.plugin_faults()?)).await?;
        for faults in faults.value {
            let request = RestorePlugin {
                plugin: faults.plugin,
                actor: Some(actor.clone()),
                now: self.now(),
            };
            self.access.write(request).await?;
        }
        lock(&self.current().plugins.faults).clear();
        Ok(())
    }

    /// The newest lines of the plugins' logs, oldest first; those of one plugin where it is named.
    pub(crate) async fn plugin_log(
        &self,
        plugin: Option<String>,
        page: Page,
    ) -> Answer<List<PluginLine>> {
        if let Some(name) = &plugin {
            self.check_plugin_name(name).await?;
        }
        let query = PluginLog {
            plugin,
            before: page.cursor,
            limit: page.limit,
        };
        self.access
            .read(move |store| Ok(store.plugin_log(&query)?))
            .await
    }
}
