//! The script index.

use sparkq_core::Script;
use sparkq_core::wire::{Configuration, List};

use super::{Asked, escaped, get};

/// Fetches the scripts in which all words of `question` are found; all of them for none.
pub(crate) async fn search(question: &str) -> Asked<List<Script>> {
    get(&format!("/api/scripts?q={}", escaped(question))).await
}

/// Fetches which folders are looked at, in the order they are named.
pub(crate) async fn folders() -> Asked<Vec<String>> {
    let configuration = get::<Configuration>("/api/config").await?;
    Ok(configuration.map(|configuration| {
        let mut settings = configuration.items.into_iter();
        let dirs = settings.find(|setting| setting.key == "scripts.dirs");
        dirs.and_then(|dirs| serde_json::from_value(dirs.value).ok())
            .unwrap_or_default()
    }))
}
