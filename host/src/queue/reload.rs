//! Reading everything anew without a restart: `sparkq.toml`, the catalogue and the script index, all or none.

use std::sync::{Arc, PoisonError};

use sparkq_core::Worker;
use sparkq_core::wire::Reloaded;
use sparkq_runtime::Fault;
use sparkq_store::{Done, SaveReload, SaveScripts};

use super::{Answer, Current, Error, Queue};
use crate::config::Project;

impl Queue {
    /// Reads all three anew, and uses them from then on. When any of them is broken the old ones stay in use.
    pub(crate) async fn reload(&self, actor: Worker) -> Answer<Reloaded> {
        let _only_one = self.reloading.lock().await;
        let old = self.current();
        let running = Arc::clone(&old.project);
        let read = move || Ok(Project::read(&running.file)?.running_as(&running));
        let project = self.access.aside(read).await?;
        let project = Arc::new(project);
        let next = Current {
            plugins: Arc::new(old.plugins.anew(Arc::clone(&project))),
            project,
        };
        let (reloaded, scripts) = self.look_anew(&next).await?;
        let kept = self.access.read(|store| Ok(store.plugins()?)).await?.value;
        if let Some(known) = next.plugins.known() {
            self.keep_what_they_said(known.records(), kept).await?;
        }
        self.restore_all(&actor).await?;
        next.plugins.pass();
        let request = SaveReload {
            project: self.project_row(&next.project),
            scripts: SaveScripts { scripts },
            actor,
        };
        let seq = self.access.write(request).await?.seq;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(next);
        Ok(Done {
            value: reloaded,
            seq,
        })
    }

    /// Looks whether a reload would work, and what it would find. Plugins that are left alone are tried again.
    pub(crate) async fn check_all(&self, actor: &Worker) -> Result<Reloaded, Error> {
        self.restore_all(actor).await?;
        Ok(self.look_anew(&self.current()).await?.0)
    }

    async fn look_anew(
        &self,
        current: &Current,
    ) -> Result<(Reloaded, Vec<sparkq_core::Script>), Error> {
        let project = Arc::clone(&current.project);
        let readable = move || Ok(project.check_script_folders()?);
        self.access.aside(readable).await?;
        let (known, index, fault) = self.look_at_all(current).await?;
        // One that came with SparkQ must be able to; another costs its own scripts alone.
        let own = |fault: &Fault| known.digest_of(&fault.plugin).is_none();
        if let Some(fault) = fault.clone().filter(own) {
            return Err(fault.into());
        }
        let scripts = index.scripts();
        let mut warnings = current.project.warnings();
        warnings.extend(known.catalogue.warnings.iter().cloned());
        warnings.extend(known.refused());
        warnings.extend(fault.map(|fault| fault.to_string()));
        let reloaded = Reloaded {
            warnings,
            tools: known.catalogue.len(),
            scripts: scripts.len(),
        };
        Ok((reloaded, scripts))
    }
}
