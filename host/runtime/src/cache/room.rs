//! Keeps the folder of compiled components from growing for ever: what was compiled longest ago makes room.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How many bytes of compiled components are kept: some 25 of the largest, which are those made of Python.
pub(super) const MOST: u64 = 1 << 30;

/// Removes the oldest artefacts of `dir`, with their digests, until the rest is no more than `most` bytes. Whoever has one
/// in use keeps it: a file that is mapped stays until nobody maps it.
pub(super) fn make(dir: &Path, most: u64) -> io::Result<()> {
    let mut artefacts: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "cwasm")
            && let Ok(about) = fs::metadata(&path)
        {
            artefacts.push((about.modified()?, about.len(), path));
        }
    }
    artefacts.sort_by_key(|(made, ..)| std::cmp::Reverse(*made));
    let mut kept = 0;
    for (place, (_, length, path)) in artefacts.iter().enumerate() {
        kept += length;
        // The newest stays, however large it is: it was just made because it is needed.
        if kept > most && place > 0 {
            fs::remove_file(path)?;
            // It may not be there yet.
            let _ = fs::remove_file(path.with_extension("sha256"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_compiled_longest_ago_makes_room_and_the_newest_always_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, age: u64| {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100]).expect("written");
            let made = SystemTime::now() - Duration::from_secs(age);
            let file = fs::File::options().write(true).open(path).expect("there");
            file.set_modified(made).expect("set");
        };
        for (name, age) in [
            ("new.cwasm", 1),
            ("mid.cwasm", 2),
            ("old.cwasm", 3),
            ("old.sha256", 3),
            ("other.txt", 9),
        ] {
            put(name, age);
        }
        let left = || {
            let entries = fs::read_dir(folder.path()).expect("a folder");
            let mut names: Vec<_> = entries
                .map(|entry| {
                    entry
                        .expect("one")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .collect();
            names.sort();
            names
        };
        make(folder.path(), 200).expect("made");
        assert_eq!(left(), ["mid.cwasm", "new.cwasm", "other.txt"]);
        make(folder.path(), 1).expect("made");
        assert_eq!(left(), ["new.cwasm", "other.txt"]);
    }
}
