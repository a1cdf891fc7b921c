use std::fs;
use std::path::Path;

use sparkq_core::{Code, Refusal};

use super::word;

/// Refuses a symbolic link at `path`, where only what SparkQ has made belongs.
pub(crate) fn refuse_link(path: &Path) -> Result<(), Refusal> {
    if fs::symlink_metadata(path).is_ok_and(|there| there.is_symlink()) {
        return Err(follows_none(path));
    }
    Ok(())
}

/// Why the link at `path` is not used.
pub(crate) fn follows_none(path: &Path) -> Refusal {
    let path = path.display().to_string();
    Refusal::Project {
        code: Code::ConfigInvalid,
        message: format!("{path} is a symbolic link, and SparkQ follows none there"),
        hint: format!("remove the link: rm {}", word(&path)),
    }
}

/// What setup writes beside sparkq.toml, anew each time: the playbook, and the watcher script. One that says in it that
/// it is generated goes with a teardown even when it was edited.
pub(crate) const GENERATED: [&str; 2] = ["WORKER_PLAYBOOK.md", "sparkq-watcher.sh"];

/// What every file that setup generates says of itself.
const MARK: &[u8] = b"`sparkq setup`";

/// Whether a file is at `path` that setup has not written.
pub(crate) fn is_foreign(path: &Path) -> bool {
    let own = |text: Vec<u8>| text.windows(MARK.len()).any(|part| part == MARK);
    fs::read(path).is_ok_and(|text| !own(text))
}

/// Refuses to write over a file that setup has not written.
pub(crate) fn refuse_foreign(path: &Path) -> Result<(), Refusal> {
    if !is_foreign(path) {
        return Ok(());
    }
    let shown = path.display();
    Err(Refusal::Project {
        code: Code::ConfigInvalid,
        message: format!("{shown} is there already, and `sparkq setup` has not written it"),
        hint: format!(
            "keep it under another name: mv {} {}",
            word(&shown.to_string()),
            word(&format!("{shown}.old"))
        ),
    })
}
