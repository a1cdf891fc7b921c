//! What is fair between a busy server and whoever writes the file beside it: who waits holds a shared lock, and while
//! anybody does the server rests for a moment after each commit.
//!
//! Nobody waits for this lock itself, so whoever keeps it costs the server those moments and nothing else.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use sparkq_store::sqlite::Sign;

use super::folder::RunFolder;
use super::lock::open;
use crate::queue::Error;

/// How long the server's writer rests.
const REST: Duration = Duration::from_micros(300);

/// The sign of a command that waits to write the file. Where it cannot be shown the command waits without.
pub(crate) fn sign(folder: &RunFolder) -> Sign {
    let path = path(folder);
    Box::new(move || {
        let file = open(&path).ok()?;
        file.try_lock_shared().ok()?;
        Some(file)
    })
}

/// What the server's writer does after each commit.
pub(super) fn rest(folder: &RunFolder) -> Result<impl Fn() + use<>, Error> {
    let file = open(&path(folder))?;
    Ok(move || {
        if somebody_waits(&file) {
            thread::sleep(REST);
        }
    })
}

fn path(folder: &RunFolder) -> PathBuf {
    folder.path().join("waiting")
}

fn somebody_waits(file: &File) -> bool {
    match file.try_lock() {
        Ok(()) => {
            // It cannot fail for a lock that is held; if it did, nobody could show a sign, and all would go on as before.
            let _ = file.unlock();
            false
        }
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn folder() -> (tempfile::TempDir, RunFolder) {
        let folder = tempfile::tempdir().expect("a folder");
        let run = RunFolder::at(&folder.path().join("run"), "q.db");
        (folder, run)
    }

    #[test]
    fn the_server_sees_that_somebody_waits_until_the_last_has_been_let_in() {
        let (_folder, run) = folder();
        let file = open(&path(&run)).expect("a file");
        assert!(!somebody_waits(&file));
        let (first, second) = (sign(&run)(), sign(&run)());
        assert!(first.is_some() && second.is_some() && somebody_waits(&file));
        drop(first);
        assert!(somebody_waits(&file));
        drop(second);
        assert!(!somebody_waits(&file) && sign(&run)().is_some());
        let mode = fs::metadata(path(&run))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn whoever_keeps_the_lock_to_himself_holds_up_neither_the_server_nor_a_command() {
        let (_folder, run) = folder();
        let kept = open(&path(&run)).expect("a file");
        kept.lock().expect("locked");
        assert!(sign(&run)().is_none());
        rest(&run).expect("a file")();
    }

    #[test]
    fn no_sign_is_shown_through_a_link() {
        let (folder, run) = folder();
        let elsewhere = folder.path().join("elsewhere");
        fs::create_dir(folder.path().join("run")).expect("made");
        symlink(&elsewhere, path(&run)).expect("linked");
        assert!(sign(&run)().is_none() && rest(&run).is_err() && !elsewhere.exists());
    }
}
