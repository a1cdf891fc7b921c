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
