use sparkq_core::Script;
use sparkq_core::wire::List;
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
