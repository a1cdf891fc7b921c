//! Git repositories as far as their files show them. No git is started.

use std::fs;
use std::path::{Path, PathBuf};

/// One working tree of a git repository.
#[derive(Debug)]
pub(crate) struct Checkout {
    /// Its topmost folder.
    pub(crate) root: PathBuf,
    /// What all working trees of the repository share.
    pub(crate) common: PathBuf,
    /// Whether it was made by `git worktree add`.
    linked: bool,
}

impl Checkout {
    /// The working tree whose topmost folder is `folder`.
    pub(crate) fn at(folder: &Path) -> Option<Self> {
        let git = folder.join(".git");
        let kind = fs::metadata(&git).ok()?;
        let own = if kind.is_dir() {
            git
        } else {
            let text = fs::read_to_string(&git).ok()?;
            folder.join(text.strip_prefix("gitdir:")?.trim())
        };
        // A submodule has no such file, and shares nothing.
        let common = fs::read_to_string(own.join("commondir")).ok();
        let linked = common.is_some();
        let common = common.map_or_else(|| own.clone(), |text| own.join(text.trim()));
        Some(Self {
            root: folder.to_path_buf(),
            common: fs::canonicalize(common).ok()?,
            linked,
        })
    }

    /// The working tree that `path` lies in.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        path.ancestors().find_map(Self::at)
    }

    /// The working tree that this one was added to; none when this is it, and where a repository has none.
    pub(crate) fn main_worktree(&self) -> Option<PathBuf> {
        let is_git = self.common.file_name().is_some_and(|name| name == ".git");
        let main = self.common.parent()?.to_path_buf();
        (self.linked && is_git).then_some(main)
    }
}
