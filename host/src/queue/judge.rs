use std::sync::Arc;

use sparkq_core::wire::{Complete, Document, Task};
use sparkq_core::{Code, Refusal};
use sparkq_runtime::{CheckError, Reported};
use sparkq_store::RequestKey;

use super::plugins::Plugins;
use super::{Error, Queue};

/// What is to be stored of a result.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// What the plugin has made of it; none stores what was handed in.
    pub(super) result: Option<Document>,
    /// Why nobody has looked at it, though somebody should have.
    pub(super) unchecked: Option<String>,
}

impl Queue {
    /// Has the tool's plugin judge a result. One that cannot costs nobody the work: the result is stored unchecked.
    pub(super) async fn judge(
        &self,
        given: &str,
        complete: &Complete,
        key: Option<&RequestKey>,
    ) -> Result<Word, Error> {
        match self.word_of(given, complete, key).await {
            Ok(result) => Ok(Word {
                result,
                unchecked: None,
            }),
            Err(refused @ Error::Refusal(Refusal::ResultRejected { .. })) => Err(refused),
            Err(error) => {
                tracing::warn!(%error, "a result is stored unchecked");
                Ok(Word {
                    result: None,
                    unchecked: Some(error.to_string()),
                })
            }
        }
    }

    async fn word_of(
        &self,
        given: &str,
        complete: &Complete,
        key: Option<&RequestKey>,
    ) -> Result<Option<Document>, Error> {
        let current = self.current();
        let known = self.known_of(&current).await?;
        if !known.catalogue.judges_results() {
            return Ok(None);
        }
        let Some(task) = self.running(given, key).await? else {
            return Ok(None);
        };
        let entry = known.entry(&task.tool_name, &current.project)?.clone();
        if !entry.judges_results() {
            return Ok(None);
        }
        let asked = task.plugin.split('@').next().unwrap_or_default();
        if asked != entry.plugin {
            let why = format!(
                "plugin `{asked}`, which has checked the payload, is not there, and another has a tool of this name"
            );
            return Err(Refusal::PluginUnusable {
                code: Code::PluginBroken,
                why,
                hint: None,
            }
            .into());
        }
        let index = self.index_of(&current).await?;
        let plugins = Arc::clone(&current.plugins);
        let result = complete.result.clone();
        let here = Plugins::judges_at_once(&known, &entry, complete);
        let (runs, now) = (Arc::clone(&known), self.now());
        let (stdout, stderr) = (complete.stdout.clone(), complete.stderr.clone());
        let (name, has_word_in_it) = (entry.plugin.clone(), entry.judges);
        let work = move || {
            let took = task
                .started_at
                .map_or(0, |started| now.as_millis() - started.as_millis());
            let id = task.id.to_string();
            let reported = Reported {
                task: Some(&id),
                payload: task.payload.as_str(),
                result: result.as_str(),
                stdout: stdout.as_deref(),
                stderr: stderr.as_deref(),
                duration_ms: u64::try_from(took).unwrap_or_default(),
            };
            plugins.may_call(&runs, &entry.plugin, now)?;
            let (plugin, has_word) = (&entry.plugin, entry.judges);
            let judged = runs
                .runtime
                .judge(plugin, has_word, &entry.own, &reported, &index);
            judged.map_err(|error| match error {
                CheckError::Rejected(issues) => Refusal::ResultRejected {
                    task: task.id,
                    tool: task.tool_name,
                    plugin: entry.other_plugin(),
                    issues,
                }
                .into(),
                CheckError::Fault(fault) => Error::from(fault),
            })
        };
        let judged = if here {
            work()
        } else {
            self.access.aside(work).await
        };
        self.take_journal(&known.runtime);
        let judged = judged.map_err(|error| (0, error));
        let well: &[&str] = if judged.is_ok() && has_word_in_it {
            &[&name]
        } else {
            &[]
        };
        self.note_health(&current.plugins, &known, well, judged.as_ref().err())
            .await;
        Ok(judged.map_err(|(_, error)| error)?.result)
    }

    /// The task, if it runs and was not completed with this key before: about anything else the store has its own word.
    async fn running(&self, given: &str, key: Option<&RequestKey>) -> Result<Option<Task>, Error> {
        let (given, key) = (given.to_owned(), key.cloned());
        let look = self.access.read(move |store| {
            let known = key.map(|key| store.answered(&key)).transpose()?.flatten();
            if known.is_some() {
                return Ok(None);
            }
            store.running(&given)
        });
        match look.await {
            Err(Error::Refusal(_)) => Ok(None),
            found => Ok(found?.value),
        }
    }
}
