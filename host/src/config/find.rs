//! Where a project's `sparkq.toml` lies.

use std::env;
use std::path::{Path, PathBuf};

use sparkq_core::{Code, Refusal};

use super::git::Checkout;

/// The name of the file, and the environment's word for it.
pub(crate) const FILE: &str = "sparkq.toml";
const VARIABLE: &str = "SPARKQ_CONFIG";

/// The file that was named: `given` with `--config`, else by `SPARKQ_CONFIG`.
pub(crate) fn named(given: Option<&Path>) -> Option<PathBuf> {
    given.map(Path::to_path_buf).or_else(|| {
        env::var_os(VARIABLE)
            .filter(|text| !text.is_empty())
            .map(Into::into)
    })
}

/// The file of whoever is in the current folder, when none was named.
pub(super) fn from_here() -> Result<PathBuf, Refusal> {
    let none = |message| Refusal::Project {
        code: Code::NoProject,
        message,
        hint: String::new(),
    };
    let here = env::current_dir()
        .map_err(|error| none(format!("the current folder cannot be read: {error}")))?;
    at_or_above(&here).ok_or_else(|| {
        none(format!(
            "there is no {FILE} in {} or any folder above it",
            here.display()
        ))
    })
}

/// The nearest file at or above `here`. In a linked worktree of a git repository the main worktree's goes first, so
/// that all worktrees share one queue.
fn at_or_above(here: &Path) -> Option<PathBuf> {
    let mut nearest = None;
    for folder in here.ancestors() {
        nearest = nearest.or_else(|| file_in(folder));
        let Some(checkout) = Checkout::at(folder) else {
            continue;
        };
        nearest = in_main_worktree(&checkout, here).or(nearest);
        if nearest.is_some() {
            break;
        }
    }
    nearest
}

/// The file that whoever works in `here` shares with the main worktree; none outside of linked worktrees.
pub(crate) fn shared(here: &Path) -> Option<PathBuf> {
    in_main_worktree(&Checkout::of(here)?, here)
}

/// The file that the main worktree has for the same place as `here`, at or above it.
fn in_main_worktree(checkout: &Checkout, here: &Path) -> Option<PathBuf> {
    let main = checkout.main_worktree()?;
    let same = main.join(here.strip_prefix(&checkout.root).ok()?);
    let inside = same
        .ancestors()
        .take_while(|folder| folder.starts_with(&main));
    inside.into_iter().find_map(file_in)
}

fn file_in(folder: &Path) -> Option<PathBuf> {
    let file = folder.join(FILE);
    file.symlink_metadata().is_ok().then_some(file)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A main worktree and a linked one, as git lays them out.
    fn worktrees() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("there");
        let (main, linked) = (root.join("main"), root.join("linked"));
        let own = main.join(".git/worktrees/linked");
        fs::create_dir_all(&own).expect("made");
        fs::create_dir_all(linked.join("deep/er")).expect("made");
        fs::write(own.join("commondir"), "../..\n").expect("written");
        let gitdir = format!("gitdir: {}\n", own.display());
        fs::write(linked.join(".git"), gitdir).expect("written");
        (folder, main, linked)
    }

    #[test]
    fn the_nearest_file_at_or_above_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).expect("made");
        let file = folder.path().join(FILE);
        fs::write(&file, "").expect("written");
        assert_eq!(at_or_above(&deep), Some(file));
        let nearer = folder.path().join("a").join(FILE);
        fs::write(&nearer, "").expect("written");
        assert_eq!(at_or_above(&deep), Some(nearer));
    }

    #[test]
    fn in_a_linked_worktree_the_main_worktrees_file_goes_before_its_own() {
        let (_folder, main, linked) = worktrees();
        let own = linked.join(FILE);
        fs::write(&own, "").expect("written");
        assert_eq!(at_or_above(&linked.join("deep/er")), Some(own));
        let shared = main.join(FILE);
        fs::write(&shared, "").expect("written");
        for here in [linked.clone(), linked.join("deep/er")] {
            assert_eq!(at_or_above(&here).as_ref(), Some(&shared), "{here:?}");
        }
        fs::create_dir_all(main.join("deep")).expect("made");
        let nearer = main.join("deep").join(FILE);
        fs::write(&nearer, "").expect("written");
        assert_eq!(at_or_above(&linked.join("deep/er")), Some(nearer));
    }

    #[test]
    fn a_repository_of_its_own_inside_a_linked_worktree_keeps_its_own_file() {
        let (_folder, main, linked) = worktrees();
        fs::write(main.join(FILE), "").expect("written");
        let nested = linked.join("deep");
        fs::create_dir(nested.join(".git")).expect("made");
        let own = nested.join(FILE);
        fs::write(&own, "").expect("written");
        assert_eq!(at_or_above(&nested.join("er")), Some(own));
    }

    #[test]
    fn a_submodule_is_no_worktree() {
        let (_folder, main, _) = worktrees();
        let (module, checkout) = (main.join(".git/modules/sub"), main.join("sub"));
        fs::create_dir_all(&module).expect("made");
        fs::create_dir(&checkout).expect("made");
        fs::write(checkout.join(".git"), "gitdir: ../.git/modules/sub\n").expect("written");
        fs::write(main.join(FILE), "").expect("written");
        assert_eq!(shared(&checkout), None);
        assert_eq!(
            at_or_above(&checkout),
            Some(main.join(FILE)),
            "by walking up"
        );
    }
}
