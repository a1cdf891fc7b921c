use sparkq_core::Script;
use sparkq_core::wire::{List, Plugin};
use sparkq_store::Done;

use super::{Answer, Queue};

impl Queue {
    /// The script index, looked at anew: those in which every word of `question` is found, by path. A broken indexer
    /// costs the scripts that it alone can read.
    pub(crate) async fn scripts(&self, question: Option<&str>) -> Answer<List<Script>> {
        let (_, index, _) = self.look_at_all(&self.current()).await?;
        self.save_index(&index).await?;
        let words: Vec<_> = question
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let mut scripts = index.scripts();
        scripts.retain(|script| {
            let text = searchable(script);
            words.iter().all(|word| text.contains(word))
        });
        Ok(Done {
            value: List {
                total: scripts.len() as u64,
                items: scripts,
                next_cursor: None,
            },
            seq: self.last_seq().await?,
        })
    }

    /// The plugins, by name.
    pub(crate) async fn plugins(&self) -> Answer<List<Plugin>> {
        let tools = self.tools().await?;
        let records = self.access.read(|store| Ok(store.plugins()?)).await?;
        let mut plugins: Vec<_> = records
            .value
            .into_iter()
            .map(|record| {
                let stamp = record.stamp();
                let of_it = tools.iter().filter(|tool| tool.plugin == stamp);
                Plugin {
                    tools: of_it.map(|tool| tool.definition.name.clone()).collect(),
                    name: record.name,
                    version: record.version,
                    digest: record.digest,
                    built_in: true,
                }
            })
            .collect();
        plugins.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Done {
            value: List {
                total: plugins.len() as u64,
                items: plugins,
                next_cursor: None,
            },
            seq: records.seq,
        })
    }
}

fn searchable(script: &Script) -> String {
    let parts = [
        &script.path,
        &script.name,
        &script.description,
        &script.language,
    ];
    let tags = script.tags.iter();
    let text: Vec<_> = parts.into_iter().chain(tags).map(String::as_str).collect();
    text.join("\n").to_lowercase()
}
