//! Seeing that a plugin's folder has changed, by the times and sizes of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Folders that hold what was fetched or built.
const LEFT_OUT: [&str; 5] = ["target", "node_modules", "venv", "env", "__pycache__"];

/// How deep folders are looked into.
const DEEP: usize = 16;

/// When each file last changed, and its size.
type Look = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// A folder, as it was when its plugin was built last.
#[derive(Debug)]
pub(crate) struct Watch {
    folder: PathBuf,
    /// What a change is a change from.
    known: Look,
    /// What changed during the last build: written by it, or by somebody else meanwhile.
    suspects: BTreeSet<PathBuf>,
    /// What changed during two builds in a row, and so is written by them.
    products: BTreeSet<PathBuf>,
    built: bool,
    /// What was seen last while a change went on.
    seen: Look,
}

impl Watch {
    /// A folder that has not been built yet.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            known: Look::new(),
            suspects: BTreeSet::new(),
            products: BTreeSet::new(),
            built: false,
            seen: Look::new(),
        }
    }

    /// Looks before a build.
    pub(crate) fn before_build(&mut self) {
        self.known = self.look();
    }

    /// Looks after it. What changed meanwhile has the plugin built once more, unless builds are what changes it.
    pub(crate) fn after_build(&mut self) {
        let now = self.look();
        let changed: BTreeSet<_> = changed(&self.known, &now).cloned().collect();
        if !self.built {
            // A first build writes what later ones leave alone: what it fetched, and in which versions.
            self.known = now;
        }
        let again = changed.intersection(&self.suspects).cloned();
        self.products.extend(again);
        self.suspects = changed;
        self.built = true;
    }

    /// Whether anything has changed that was not built.
    pub(crate) fn has_changed(&self) -> bool {
        let now = self.look();
        changed(&self.known, &now).any(|path| !self.products.contains(path))
    }

    /// Whether nothing has changed since this was last asked.
    pub(crate) fn has_settled(&mut self) -> bool {
        let now = self.look();
        let settled = now == self.seen;
        self.seen = now;
        settled
    }

    fn look(&self) -> Look {
        let mut look = Look::new();
        gather(&self.folder, true, DEEP, &mut look);
        look
    }
}

/// The files that differ between two looks.
fn changed<'a>(before: &'a Look, now: &'a Look) -> impl Iterator<Item = &'a PathBuf> {
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let new = now
        .iter()
        .filter(|(path, seen)| before.get(*path) != Some(seen));
    gone.chain(new.map(|(path, _)| path))
}

/// The files of a folder and those below it. What cannot be read is not there.
fn gather(folder: &Path, is_top: bool, deep: usize, look: &mut Look) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            if deep > 0 && !name.starts_with('.') && !LEFT_OUT.contains(&&*name) {
                gather(&entry.path(), false, deep - 1, look);
            }
        } else if !(is_top && name.ends_with(".wasm"))
            && let Ok(found) = fs::metadata(entry.path())
        {
            look.insert(entry.path(), (found.modified().ok(), found.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_and_what_builds_write_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("src/a.js", "1");
        let mut watch = Watch::new(folder.path());
        watch.before_build();
        for built in [
            "a.wasm",
            "target/x",
            "node_modules/y/z",
            ".git/HEAD",
            "lock",
        ] {
            write(built, "1");
        }
        watch.after_build();
        assert!(!watch.has_changed(), "the first build's own files");

        write("src/a.js", "22");
        assert!(watch.has_changed());
        watch.before_build();
        write("lock", "22");
        watch.after_build();
        assert!(!watch.has_changed(), "written by two builds in a row");

        watch.before_build();
        write("src/a.js", "333");
        watch.after_build();
        assert!(
            watch.has_changed(),
            "written by somebody while it was built"
        );
        watch.before_build();
        watch.after_build();
        assert!(!watch.has_changed());
        fs::remove_file(folder.path().join("src/a.js")).expect("removed");
        assert!(watch.has_changed(), "gone");
    }
}
